import { randomBytes } from 'node:crypto';
import { ExpiringMap } from '../expiring-map.js';

/** A validated authorization request, kept while the user signs in. */
export interface SignInRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scope: readonly string[];
  readonly state: string | undefined;
  readonly nonce: string | undefined;
  readonly codeChallenge: string | undefined;
}

/** What one consent gave; all tokens that follow from it live and die with it. */
export interface Family {
  readonly clientId: string;
  readonly username: string;
  readonly scope: readonly string[];
  readonly authTime: number;
  revoked: boolean;
}

export interface IssuedCode {
  readonly request: SignInRequest;
  readonly family: Family;
}

export interface Session {
  readonly username: string;
  readonly authTime: number;
}

interface RefreshRecord {
  readonly family: Family;
  spent: boolean;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

export const accessTokenSeconds = 3600;

const random = (prefix: string): string => prefix + randomBytes(24).toString('base64url');

/** Everything the provider remembers, in memory, by the injected clock. */
export class UpstreamStore {
  private readonly requests: ExpiringMap<SignInRequest>;
  private readonly sessions: ExpiringMap<Session>;
  private readonly codes: ExpiringMap<IssuedCode>;
  private readonly accessTokens: ExpiringMap<Family>;
  private readonly refreshTokens: ExpiringMap<RefreshRecord>;

  constructor(private readonly now: () => number) {
    this.requests = new ExpiringMap(now);
    this.sessions = new ExpiringMap(now);
    this.codes = new ExpiringMap(now);
    this.accessTokens = new ExpiringMap(now);
    this.refreshTokens = new ExpiringMap(now);
  }

  keepRequest(request: SignInRequest): string {
    const handle = random('');
    this.requests.set(handle, request, 30 * minuteMs);
    return handle;
  }

  request(handle: string): SignInRequest | undefined {
    return this.requests.get(handle);
  }

  forgetRequest(handle: string): void {
    this.requests.delete(handle);
  }

  openSession(username: string): string {
    const id = random('');
    this.sessions.set(id, { username, authTime: Math.floor(this.now() / 1000) }, dayMs / 2);
    return id;
  }

  session(id: string): Session | undefined {
    return this.sessions.get(id);
  }

  closeSession(id: string): void {
    this.sessions.delete(id);
  }

  issueCode(request: SignInRequest, session: Session): string {
    const { clientId, scope } = request;
    const code = random('acme_code_');
    this.codes.set(code, { request, family: { clientId, scope, ...session, revoked: false } }, minuteMs);
    return code;
  }

  /** Codes are for one use: the second one to come finds nothing. */
  takeCode(code: string): IssuedCode | undefined {
    return this.codes.take(code);
  }

  issueAccessToken(family: Family): string {
    const token = random('acme_at_');
    this.accessTokens.set(token, family, accessTokenSeconds * 1000);
    return token;
  }

  issueRefreshToken(family: Family): string {
    const token = random('acme_rt_');
    this.refreshTokens.set(token, { family, spent: false }, 180 * dayMs);
    return token;
  }

  /**
   * Spends a refresh token. One that was spent before takes its whole family with it: the strict rotation that makes
   * many providers unfit for Alexa.
   */
  spendRefreshToken(token: string, clientId: string): Family | undefined {
    const record = this.refreshTokens.get(token);
    if (!record || record.family.clientId !== clientId) return undefined;
    if (record.spent) record.family.revoked = true;
    if (record.family.revoked) return undefined;
    record.spent = true;
    return record.family;
  }

  refreshTokenFamily(token: string): Family | undefined {
    return this.refreshTokens.get(token)?.family;
  }

  accessTokenFamily(token: string): Family | undefined {
    const family = this.accessTokens.get(token);
    return family?.revoked ? undefined : family;
  }

  /** RFC 7009: a refresh token ends its whole family, an access token only itself. */
  revoke(token: string, clientId: string): void {
    const refreshed = this.refreshTokens.get(token);
    if (refreshed?.family.clientId === clientId) refreshed.family.revoked = true;
    if (this.accessTokens.get(token)?.clientId === clientId) this.accessTokens.delete(token);
  }
}

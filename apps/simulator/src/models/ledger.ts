import { randomBytes } from 'node:crypto';
import type { SignInRequest } from '../upstream/store.js';

/** A validated authorization request with all its parameters. */
export interface ModelSignIn extends SignInRequest {
  readonly params: ReadonlyMap<string, string>;
}

/** What one client has from one user: providers count, limit and revoke by it. */
export interface Account {
  readonly clientId: string;
  readonly username: string;
  /** Whether the user has let this client in before, and not taken it back. */
  consented: boolean;
  grants: Grant[];
  /** Refresh tokens that may be alive, the oldest first. */
  refreshTokens: Token[];
}

/** What one sign-in gave; all tokens that follow from it name it. */
export interface Grant {
  readonly account: Account;
  readonly signIn: ModelSignIn;
  readonly scope: readonly string[];
  readonly refreshable: boolean;
  /** Seconds since 1970. */
  readonly authTime: number;
  revoked: boolean;
}

export interface Token {
  readonly kind: 'access' | 'refresh';
  readonly value: string;
  readonly grant: Grant;
  /** Milliseconds since 1970; Infinity for a token that does not expire. */
  until: number;
  ended: 'spent' | 'revoked' | undefined;
}

interface Code {
  readonly grant: Grant;
  readonly until: number;
}

const mostRecords = 100_000;

function put<V>(map: Map<string, V>, key: string, value: V): void {
  const oldest = map.size >= mostRecords ? map.keys().next().value : undefined;
  if (oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}

const random = (prefix: string): string => prefix + randomBytes(24).toString('base64url');

const mayLive = ({ ended, grant }: Token): boolean => ended === undefined && !grant.revoked;

export const isLive = (token: Token, now: number): boolean => mayLive(token) && now < token.until;

/** Codes, tokens and consents of one model, in memory; the time is the caller's, because a fault may bend it. */
export class Ledger {
  private readonly accounts = new Map<string, Account>();
  private readonly codes = new Map<string, Code>();
  private readonly tokens = new Map<string, Token>();

  clear(): void {
    this.accounts.clear();
    this.codes.clear();
    this.tokens.clear();
  }

  account(clientId: string, username: string): Account {
    const key = JSON.stringify([clientId, username]);
    const known = this.accounts.get(key);
    if (known) return known;
    const account: Account = { clientId, username, consented: false, grants: [], refreshTokens: [] };
    put(this.accounts, key, account);
    return account;
  }

  addGrant(grant: Omit<Grant, 'revoked'>): Grant {
    const added = { ...grant, revoked: false };
    grant.account.grants.push(added);
    return added;
  }

  issueCode(grant: Grant, prefix: string, until: number): string {
    const code = random(prefix);
    put(this.codes, code, { grant, until });
    return code;
  }

  /** Codes are for one use: the second one to come finds nothing. */
  takeCode(code: string, now: number): Grant | undefined {
    const issued = this.codes.get(code);
    this.codes.delete(code);
    return issued && now < issued.until && !issued.grant.revoked ? issued.grant : undefined;
  }

  issue(kind: Token['kind'], grant: Grant, prefix: string, until: number): Token {
    const token: Token = { kind, value: random(prefix), grant, until, ended: undefined };
    put(this.tokens, token.value, token);
    const { account } = grant;
    if (kind === 'refresh') account.refreshTokens = [...account.refreshTokens.filter(mayLive), token];
    return token;
  }

  /** The record of a token, dead or alive. */
  find(value: string, kind?: Token['kind']): Token | undefined {
    const token = this.tokens.get(value);
    return kind === undefined || token?.kind === kind ? token : undefined;
  }

  findLive(value: string, kind: Token['kind'], now: number): Token | undefined {
    const token = this.find(value, kind);
    return token && isLive(token, now) ? token : undefined;
  }

  /** Ends everything that a client has from a user, and the consent with it. */
  endAccount(account: Account): void {
    for (const grant of account.grants) grant.revoked = true;
    account.grants = [];
    account.refreshTokens = [];
    account.consented = false;
  }

  /** How many refresh tokens each client could use for each user. */
  liveRefreshTokens(now: number): readonly { clientId: string; username: string; count: number }[] {
    return [...this.accounts.values()].map(({ clientId, username, refreshTokens }) => {
      return { clientId, username, count: refreshTokens.filter((token) => isLive(token, now)).length };
    });
  }
}

import { parseJson } from '@linkbroker/protocol';
import { z } from 'zod';

/** A skill's client for events at Login with Amazon. */
export interface LwaClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface LwaRequest {
  readonly method: 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a code that came by a browser is exchanged with. @see R189 */
export interface LwaProof {
  readonly redirectUri: string;
  readonly codeVerifier?: string | undefined;
}

/** The exchange of a code; one that AcceptGrant brought has no redirect URI. @see R159 R164 R189 */
export function buildLwaCodeExchange(url: string, client: LwaClient, code: string, proof?: LwaProof): LwaRequest {
  const { redirectUri, codeVerifier } = proof ?? {};
  const grant = {
    grant_type: 'authorization_code',
    code,
    ...(redirectUri !== undefined && { redirect_uri: redirectUri }),
    ...(codeVerifier !== undefined && { code_verifier: codeVerifier }),
  };
  return buildRequest(url, grant, client);
}

/** A refresh. The refresh token is good for this client alone, and is not used up. @see R160 R161 */
export const buildLwaRefresh = (url: string, client: LwaClient, refreshToken: string): LwaRequest =>
  buildRequest(url, { grant_type: 'refresh_token', refresh_token: refreshToken }, client);

function buildRequest(
  url: string,
  grant: Readonly<Record<string, string>>,
  { clientId, clientSecret }: LwaClient,
): LwaRequest {
  return {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8', accept: 'application/json' },
    body: new URLSearchParams({ ...grant, client_id: clientId, client_secret: clientSecret }).toString(),
  };
}

export interface LwaTokens {
  readonly accessToken: string;
  /** Null where a refresh brought no new one: the old one stays good. */
  readonly refreshToken: string | null;
  /** Seconds. */
  readonly expiresIn: number;
}

/** What an answer without tokens says: the credential is dead, our client is wrong, or nothing that is final. */
export type LwaFailure = 'terminal' | 'misconfigured' | 'transient';

export type LwaAnswer =
  | { readonly kind: 'tokens'; readonly tokens: LwaTokens }
  /** `reason` is words of ours and an error code; nothing else that was received. */
  | { readonly kind: 'refused'; readonly failure: LwaFailure; readonly code: string | null; readonly reason: string };

/** Characters of a token; Amazon's have at most 2,048 octets. @see R160 */
const token = z
  .string()
  .max(4_096)
  .regex(/^[\x20-\x7E]+$/);
const answer = z.object({
  access_token: token,
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.coerce.number().int().min(1).max(31_536_000),
  refresh_token: token.optional(),
});
const refusal = z.object({ error: z.string().regex(/^[a-z_]{1,40}$/) });

/** Errors that mean the skill's client for events is wrong. @see RFC 6749 §5.2 */
const OURS = ['invalid_client', 'unauthorized_client', 'unsupported_grant_type', 'invalid_scope', 'invalid_request'];

/**
 * Reads an answer of Login with Amazon's token endpoint. Only `invalid_grant` with status 400 or 401 says that a
 * credential is dead.
 * @see R160 R162
 */
export function readLwaAnswer(response: { readonly status: number; readonly body: string }): LwaAnswer {
  const { status } = response;
  const json = parseJson(response.body);
  if (status === 200) {
    const read = answer.safeParse(json);
    if (!read.success) return refused('transient', null, 'an answer without tokens');
    const { access_token: accessToken, refresh_token: refreshToken = null, expires_in: expiresIn } = read.data;
    return { kind: 'tokens', tokens: { accessToken, refreshToken, expiresIn } };
  }
  const code = refusal.safeParse(json).data?.error ?? null;
  const reason = `status ${String(status)}${code === null ? '' : `, ${code}`}`;
  return refused(failureOf(status, code), code, reason);
}

const refused = (failure: LwaFailure, code: string | null, reason: string): LwaAnswer => ({
  kind: 'refused',
  failure,
  code,
  reason,
});

function failureOf(status: number, code: string | null): LwaFailure {
  if (code === null || (status !== 400 && status !== 401)) return 'transient';
  if (code === 'invalid_grant') return 'terminal';
  return OURS.includes(code) ? 'misconfigured' : 'transient';
}

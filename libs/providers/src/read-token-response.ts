import { z } from 'zod';
import { UpstreamError } from './upstream-error.js';
import type { UpstreamTokens } from './upstream-tokens.js';

const token = z.string().min(1).max(16_384);
const tokenResponse = z.object({
  access_token: token,
  refresh_token: token.nullish(),
  id_token: token.nullish(),
  expires_in: z.coerce.number().int().positive().max(4_000_000_000).nullish().catch(null),
  scope: z.string().max(4_096).nullish().catch(null),
});
const errorResponse = z.object({ error: z.string().regex(/^[\x21-\x7E]{1,80}$/) });

/** Errors that mean our own registration is wrong, not this attempt. */
const OURS = new Set(['invalid_client', 'unauthorized_client', 'unsupported_grant_type', 'invalid_scope']);

/**
 * Reads the answer of an upstream token endpoint.
 * @param asked the scopes asked for, which hold when the answer names none (RFC 6749 §5.1)
 * @throws UpstreamError telling whether trying again helps
 */
export function readTokenResponse(
  response: { readonly status: number; readonly body: string },
  asked: readonly string[],
): UpstreamTokens {
  checkStatus(response.status);
  const json = parseJson(response.body);
  const error = errorResponse.safeParse(json);
  if (error.success || response.status !== 200) {
    const code = error.success ? error.data.error : `status ${String(response.status)}`;
    throw new UpstreamError(OURS.has(code) ? 'misconfigured' : 'rejected', `the provider refused the code: ${code}`);
  }
  const parsed = tokenResponse.safeParse(json);
  if (!parsed.success) throw new UpstreamError('misconfigured', 'the provider sent no usable token answer');
  const { access_token, refresh_token, id_token, expires_in, scope } = parsed.data;
  return {
    accessToken: access_token,
    refreshToken: refresh_token ?? null,
    idToken: id_token ?? null,
    expiresIn: expires_in ?? null,
    scopes: scope ? scope.split(' ').filter((part) => part !== '') : asked,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Answers that say something before their body is read. */
function checkStatus(status: number): void {
  if (status >= 500 || status === 429) {
    throw new UpstreamError('unavailable', `the provider's token endpoint answered ${status}`);
  }
  if (status >= 300 && status < 400) {
    throw new UpstreamError('misconfigured', "the provider's token endpoint answered with a redirect");
  }
}

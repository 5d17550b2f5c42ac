import { OAuthError } from './oauth-error.js';

/** Seconds a client is asked to wait after the broker could not look. */
export const RETRY_AFTER_SECONDS = 2;

/**
 * The refusal for "we could not look": database, Redis, upstream, deadline, unknown key, missing row. Never a verdict
 * about the credential, because Alexa deletes a link on `invalid_grant`.
 * @see R94
 */
export function unavailable(cause: unknown): OAuthError {
  return new OAuthError('temporarily_unavailable', 'The service cannot answer right now; please retry.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    cause,
  });
}

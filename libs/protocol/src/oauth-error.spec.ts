import { OAuthError } from './oauth-error.js';
import { RETRY_AFTER_SECONDS, unavailable } from './unavailable.js';

describe('OAuthError', () => {
  it.each([
    ['invalid_request', 400],
    ['invalid_grant', 400],
    ['invalid_scope', 400],
    ['access_denied', 400],
    ['unauthorized_client', 400],
    ['unsupported_grant_type', 400],
    ['unsupported_response_type', 400],
    ['unsupported_token_type', 400],
    ['invalid_client', 401],
    ['server_error', 500],
    ['temporarily_unavailable', 503],
  ] as const)('%s is answered with %d unless it says otherwise (R90)', (code, status) => {
    expect(new OAuthError(code, 'Why.').status).toBe(status);
    expect(new OAuthError(code, 'Why.', { status: 418 }).status).toBe(418);
  });

  it('stays here unless it may be redirected, and keeps its cause to itself', () => {
    const error = new OAuthError('invalid_grant', 'No.', { cause: new Error('private') });
    expect(error.mayRedirect).toBe(false);
    expect(error.message).toBe('invalid_grant: No.');
    expect(error.cause).toEqual(new Error('private'));
    expect(error.retryAfterSeconds).toBeUndefined();
  });
});

describe('unavailable (R94)', () => {
  it('is never a verdict: 503, with a time to come back', () => {
    const error = unavailable(new Error('pool exhausted at 10.0.0.3'));
    expect(error).toMatchObject({ code: 'temporarily_unavailable', status: 503, mayRedirect: false });
    expect(error.retryAfterSeconds).toBe(RETRY_AFTER_SECONDS);
    expect(RETRY_AFTER_SECONDS).toBeGreaterThan(0);
    expect(`${error.message} ${error.description}`).not.toContain('10.0.0.3');
  });
});

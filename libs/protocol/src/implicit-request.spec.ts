import type { AuthorizingSkill } from './authorization-request.js';
import { checkAuthorizationRequest, MAX_STATE_LENGTH, readAnswerAddress } from './check-authorization-request.js';
import { OAuthError } from './oauth-error.js';
import { parseParameters } from './parameters.js';

const REDIRECT_URI = 'https://layla.amazon.com/spa/skill/account-linking-status.html?vendorId=M3KVOEXUO4ALBL';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
const skill: AuthorizingSkill = {
  clientId: 'alexa-quiz',
  redirectUris: [REDIRECT_URI],
  scopes: ['play'],
  grantTypes: ['implicit'],
  pkce: 'optional',
};

/** A good request; `undefined` leaves a parameter out, values are written as they stand. */
function query(changes: Record<string, string | undefined> = {}): string {
  const all: Record<string, string | undefined> = {
    client_id: skill.clientId,
    response_type: 'code',
    redirect_uri: encodeURIComponent(REDIRECT_URI),
    state: 'xyz',
    ...changes,
  };
  return Object.entries(all)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value ?? ''}`)
    .join('&');
}

const check = (raw: string, registered: AuthorizingSkill) =>
  checkAuthorizationRequest(parseParameters(raw), registered);

function refusalOf(raw: string, registered: AuthorizingSkill): OAuthError {
  try {
    check(raw, registered);
  } catch (error) {
    if (error instanceof OAuthError) return error;
    throw error;
  }
  throw new Error(`accepted: ${raw}`);
}

describe('the implicit grant', () => {
  const grants = (...grantTypes: string[]): AuthorizingSkill => ({ ...skill, grantTypes });
  const token = (changes: Record<string, string | undefined> = {}) => query({ response_type: 'token', ...changes });

  it.each<[string, string[], boolean, boolean]>([
    ['only codes', ['authorization_code'], true, false],
    ['only the implicit grant', ['implicit'], false, true],
    ['both', ['authorization_code', 'implicit'], true, true],
    ['none', [], false, false],
  ])('a skill with %s', (_, grantTypes, code, implicit) => {
    for (const [raw, accepted] of [
      [query(), code],
      [token(), implicit],
    ] as const) {
      const responseType = raw.includes('=token') ? 'token' : 'code';
      if (accepted) expect(check(raw, grants(...grantTypes)).responseType).toBe(responseType);
      else
        expect(refusalOf(raw, grants(...grantTypes))).toMatchObject({ code: 'unauthorized_client', mayRedirect: true });
    }
  });

  it.each([
    ['no PKCE where it is required', {}],
    ['PKCE', { code_challenge: CHALLENGE, code_challenge_method: 'S256' }],
    ['half of PKCE', { code_challenge_method: 'plain' }],
  ])('has no code to be proved: %s', (_, changes) => {
    const registered: AuthorizingSkill = { ...grants('authorization_code', 'implicit'), pkce: 'required' };
    expect(check(token(changes), registered).codeChallenge).toBeNull();
    expect(refusalOf(query(), registered).description).toContain('code_challenge');
  });

  it('is as strict about the rest', () => {
    const registered = grants('implicit');
    expect(refusalOf(token({ scope: 'admin' }), registered).code).toBe('invalid_scope');
    expect(refusalOf(token({ state: 's'.repeat(MAX_STATE_LENGTH + 1) }), registered).code).toBe('invalid_request');
    expect(refusalOf(token({ redirect_uri: 'https%3A%2F%2Fevil.example' }), registered).mayRedirect).toBe(false);
  });
});

describe('where a request is answered', () => {
  it.each([
    ['a code', query(), 'code', undefined],
    ['a token', query({ response_type: 'token' }), 'token', undefined],
    ['nothing', query({ response_type: undefined }), 'code', undefined],
    ['two things', `${query({ response_type: 'token' })}&response_type=token`, 'code', undefined],
    ['a code, from an app', `${query()}&source=app`, 'code', true],
    ['a token, from an app', `${query({ response_type: 'token' })}&source=app`, 'token', true],
    ['a code, from elsewhere', `${query()}&source=web`, 'code', undefined],
    ['a code, in another case', `${query()}&source=App`, 'code', undefined],
    ['a code, from several', `${query()}&source=app&source=app`, 'code', undefined],
  ])('that asks for %s', (_, raw, responseType, fromApp) => {
    const address = readAnswerAddress(parseParameters(raw));
    expect(address).toEqual({ redirectUri: REDIRECT_URI, state: 'xyz', responseType, ...(fromApp && { fromApp }) });
  });
});

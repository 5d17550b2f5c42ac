import fc from 'fast-check';
import type { AuthorizingSkill } from './authorization-request.js';
import { checkAuthorizationRequest, MAX_STATE_LENGTH, readState } from './check-authorization-request.js';
import { OAuthError } from './oauth-error.js';
import { parseParameters } from './parameters.js';
import { encodePercent } from './percent-encoding.js';

const REDIRECT_URI = 'https://pitangui.amazon.com/api/skill/link/M3KVOEXUO4ALBL';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
const skill: AuthorizingSkill = {
  clientId: 'alexa-lights',
  redirectUris: [REDIRECT_URI, 'https://a.example/spa?vendorId=M1'],
  scopes: ['lights', 'scenes'],
  grantTypes: ['authorization_code'],
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

/** `null` is a client nobody registered. */
const check = (raw: string, registered: AuthorizingSkill | null = skill) =>
  checkAuthorizationRequest(parseParameters(raw), registered ?? undefined);

function refusalOf(raw: string, registered: AuthorizingSkill | null = skill): OAuthError {
  try {
    check(raw, registered);
  } catch (error) {
    if (error instanceof OAuthError) return error;
    throw error;
  }
  throw new Error(`accepted: ${raw}`);
}

describe('a good request', () => {
  it('is read', () => {
    expect(check(query({ scope: 'lights', code_challenge: CHALLENGE, code_challenge_method: 'S256' }))).toEqual({
      clientId: 'alexa-lights',
      responseType: 'code',
      redirectUri: REDIRECT_URI,
      scopes: ['lights'],
      state: 'xyz',
      codeChallenge: CHALLENGE,
    });
  });

  it.each([
    ['no state', { state: undefined }, { state: null }],
    ['an empty state', { state: '' }, { state: '' }],
    ['no scope: all of the skill', {}, { scopes: ['lights', 'scenes'] }],
    ['an empty scope: all of the skill', { scope: '' }, { scopes: ['lights', 'scenes'] }],
    ['one of two scopes', { scope: 'scenes' }, { scopes: ['scenes'] }],
    ['scopes in another order, once each', { scope: 'scenes+lights%20scenes' }, { scopes: ['scenes', 'lights'] }],
    ['unknown parameters', { nonce: '1', prompt: 'login', ui_locales: 'de' }, { codeChallenge: null }],
    ['an unknown parameter that cannot be decoded', { future: '%zz' }, { codeChallenge: null }],
    [
      'a redirect URI that has a query',
      { redirect_uri: encodeURIComponent('https://a.example/spa?vendorId=M1') },
      { redirectUri: 'https://a.example/spa?vendorId=M1' },
    ],
  ])('may have %s', (_, changes, expected) => {
    expect(check(query(changes))).toMatchObject(expected);
  });

  it('ignores an unknown parameter given twice (R33)', () => {
    expect(check(`${query()}&x=1&x=2`).clientId).toBe('alexa-lights');
  });
});

describe('before the redirect URI is trusted, a refusal stays here', () => {
  it.each([
    ['client_id', `${query()}&client_id=alexa-lights`, skill],
    ['redirect_uri', `${query()}&redirect_uri=${encodeURIComponent(REDIRECT_URI)}`, skill],
    ['client_id', query(), null],
    ['redirect_uri', query({ redirect_uri: undefined }), skill],
    ['redirect_uri', query({ redirect_uri: '' }), skill],
    ['redirect_uri', query({ redirect_uri: '%zz' }), skill],
    ['redirect_uri', query({ redirect_uri: encodeURIComponent('https://evil.example/') }), skill],
    ['redirect_uri', query({ redirect_uri: encodeURIComponent(REDIRECT_URI) }), { ...skill, redirectUris: [] }],
  ])('names %s for %s', (name, raw, registered) => {
    const refusal = refusalOf(raw, registered);
    expect(refusal).toMatchObject({ code: 'invalid_request', status: 400, mayRedirect: false });
    expect(refusal.description).toContain(name);
  });

  it.each([
    ['a repeated state', `${query({ redirect_uri: 'https%3A%2F%2Fevil.example' })}&state=2`],
    ['a wrong response type', query({ redirect_uri: undefined, response_type: 'token' })],
    ['a foreign scope', query({ redirect_uri: undefined, scope: 'admin' })],
  ])('also where %s could have been redirected', (_, raw) => {
    expect(refusalOf(raw).mayRedirect).toBe(false);
  });

  it('refuses a redirect URI that differs from the registered one in any one character (R23)', () => {
    const edit = fc.oneof(
      fc.record({ at: fc.nat(REDIRECT_URI.length - 1), put: fc.constant('') }),
      fc.record({
        at: fc.nat(REDIRECT_URI.length - 1),
        put: fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 1 }),
      }),
    );
    fc.assert(
      fc.property(edit, fc.boolean(), ({ at, put }, insert) => {
        const changed = REDIRECT_URI.slice(0, at) + put + REDIRECT_URI.slice(insert && put !== '' ? at : at + 1);
        fc.pre(changed !== REDIRECT_URI);
        expect(refusalOf(query({ redirect_uri: encodeURIComponent(changed) })).mayRedirect).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it.each([`${REDIRECT_URI}/`, `${REDIRECT_URI}?`, `${REDIRECT_URI}#`, REDIRECT_URI.toUpperCase(), ` ${REDIRECT_URI}`])(
    'refuses %j',
    (uri) => {
      expect(refusalOf(query({ redirect_uri: encodeURIComponent(uri) })).mayRedirect).toBe(false);
    },
  );
});

describe('after it, the client is told by redirect', () => {
  it.each([
    ['response_type twice', `${query()}&response_type=code`, 'invalid_request'],
    ['scope twice', `${query({ scope: 'lights' })}&scope=lights`, 'invalid_request'],
    ['state twice', `${query()}&state=xyz`, 'invalid_request'],
    ['an undecodable scope', query({ scope: '%zz' }), 'invalid_request'],
    ['an undecodable challenge', query({ code_challenge: '%E4' }), 'invalid_request'],
    ['no response type', query({ response_type: undefined }), 'invalid_request'],
    ['an empty response type', query({ response_type: '' }), 'invalid_request'],
    ['the implicit grant, which the skill has not', query({ response_type: 'token' }), 'unauthorized_client'],
    ['another case of the implicit grant', query({ response_type: 'Token' }), 'unsupported_response_type'],
    ['an OpenID response type', query({ response_type: 'id_token' }), 'unsupported_response_type'],
    ['a hybrid response type', query({ response_type: 'code+token' }), 'unsupported_response_type'],
    ['another case', query({ response_type: 'Code' }), 'unsupported_response_type'],
    ['a foreign scope', query({ scope: 'lights+admin' }), 'invalid_scope'],
    ['a scope in another case', query({ scope: 'Lights' }), 'invalid_scope'],
    ['a scope with a quote', query({ scope: '%22lights%22' }), 'invalid_scope'],
  ])('%s', (_, raw, code) => {
    expect(refusalOf(raw)).toMatchObject({ code, mayRedirect: true, status: 400 });
  });

  it('a skill without the grant', () => {
    expect(refusalOf(query(), { ...skill, grantTypes: [] })).toMatchObject({
      code: 'unauthorized_client',
      mayRedirect: true,
    });
  });

  it('reports a repeated parameter before judging its value', () => {
    expect(refusalOf(`${query({ response_type: 'token' })}&response_type=token`).code).toBe('invalid_request');
  });
});

describe('PKCE (R4, R5)', () => {
  const off = {};
  const good = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };
  const CASES: readonly [string, Record<string, string>, boolean, boolean][] = [
    ['nothing', off, true, false],
    ['an empty challenge and method', { code_challenge: '', code_challenge_method: '' }, true, false],
    ['S256', good, true, true],
    ['plain', { ...good, code_challenge_method: 'plain' }, false, false],
    ['s256', { ...good, code_challenge_method: 's256' }, false, false],
    ['a challenge without a method, which means plain', { code_challenge: CHALLENGE }, false, false],
    ['a method without a challenge', { code_challenge_method: 'S256' }, false, false],
    ['a short challenge', { ...good, code_challenge: CHALLENGE.slice(1) }, false, false],
    ['a long challenge', { ...good, code_challenge: `${CHALLENGE}a` }, false, false],
    ['a challenge of other characters', { ...good, code_challenge: `${CHALLENGE.slice(1)}.` }, false, false],
  ];

  it.each(CASES)('%s: optional %j, %s, required %s', (_, changes, whenOptional, whenRequired) => {
    for (const [pkce, accepted] of [
      ['optional', whenOptional],
      ['required', whenRequired],
    ] as const) {
      const registered = { ...skill, pkce };
      if (accepted) expect(check(query(changes), registered).codeChallenge).toBe(changes['code_challenge'] || null);
      else expect(refusalOf(query(changes), registered)).toMatchObject({ code: 'invalid_request', mayRedirect: true });
    }
  });
});

describe('scopes', () => {
  it('are granted exactly when they are a subset of what the skill may have', () => {
    const scopes = ['a', 'b', 'c', 'd'];
    fc.assert(
      fc.property(fc.subarray(scopes), fc.subarray(scopes, { minLength: 1 }), (may, asked) => {
        const registered = { ...skill, scopes: may };
        const raw = query({ scope: asked.join('%20') });
        if (asked.every((scope) => may.includes(scope))) expect(check(raw, registered).scopes).toEqual(asked);
        else expect(refusalOf(raw, registered).code).toBe('invalid_scope');
      }),
    );
  });
});

describe('state (R28, R29)', () => {
  it.each([
    ['a raw plus', 'a+b/c==', 'a+b/c=='],
    ['an encoded plus', 'a%2Bb%2Fc%3D%3D', 'a+b/c=='],
    ['octets that are not UTF-8', '%ff%FE%80', '\xff\xfe\x80'],
    ['a stray percent sign', '100%', '100%'],
    ['1,108 characters, as Amazon sent', 'Ama+'.repeat(277), 'Ama+'.repeat(277)],
    ['2,048 characters', 's'.repeat(2048), 's'.repeat(2048)],
    ['the longest', 's'.repeat(MAX_STATE_LENGTH), 's'.repeat(MAX_STATE_LENGTH)],
    ['the longest, all of it escaped', '%2B'.repeat(MAX_STATE_LENGTH), '+'.repeat(MAX_STATE_LENGTH)],
  ])('may be %s', (_, raw, state) => {
    expect(check(query({ state: raw })).state).toBe(state);
  });

  it('is refused beyond that', () => {
    expect(refusalOf(query({ state: 's'.repeat(MAX_STATE_LENGTH + 1) }))).toMatchObject({
      code: 'invalid_request',
      mayRedirect: true,
    });
  });

  it('goes back exactly as it came, whatever octets it has', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (octets) => {
        const raw = Array.from(octets, (octet) => `%${octet.toString(16).padStart(2, '0')}`).join('');
        const { state } = check(query({ state: raw }));
        expect(Buffer.from(state ?? '', 'latin1')).toEqual(Buffer.from(octets));
        expect(encodePercent(state ?? '').toLowerCase().length).toBeLessThanOrEqual(raw.length);
      }),
    );
  });

  it('accompanies a refusal: the first one given, or none', () => {
    expect(readState(parseParameters('state=a%2Bb&state=c'))).toBe('a+b');
    expect(readState(parseParameters('client_id=x'))).toBeNull();
  });
});

import fc from 'fast-check';
import { judgeRelayedAnswer, MAX_RELAYED_TOKEN, type AnswerToRelay, type AskedByRelay } from './relay-answer.js';

const REFRESH: AskedByRelay = { grantType: 'refresh_token', presented: 'presented', accessTokenTtl: 3600 };
const CODE: AskedByRelay = { ...REFRESH, grantType: 'authorization_code' };
const GOOD = { access_token: 'a1', token_type: 'Bearer', expires_in: 1800, refresh_token: 'r1' };

const arrived = (answer: unknown, change: Partial<AnswerToRelay> = {}): AnswerToRelay => ({
  status: 200,
  contentType: 'application/json',
  isForm: false,
  answer,
  ...change,
});

describe('tokens', () => {
  it('that are in order are passed on as they are', () => {
    expect(judgeRelayedAnswer(arrived(GOOD), REFRESH)).toEqual({
      kind: 'tokens',
      tokens: GOOD,
      repaired: [],
      told: [],
      spent: true,
    });
  });

  const form = { isForm: true, contentType: 'application/x-www-form-urlencoded; charset=utf-8' };
  const repairs: [string, Record<string, unknown>, Partial<AnswerToRelay>, Record<string, unknown>, string[]][] = [
    ['a form', {}, form, {}, ['form-encoded']],
    ['201', {}, { status: 201 }, {}, ['status 201']],
    ['JSON that says it is HTML', {}, { contentType: 'text/html' }, {}, ['Content-Type']],
    ['JSON of no type', {}, { contentType: '' }, {}, ['Content-Type']],
    ['JSON with a charset', {}, { contentType: 'Application/JSON; charset=utf-8' }, {}, []],
    ['no token_type', { token_type: undefined }, {}, {}, ['token_type']],
    ['another token_type', { token_type: 'user' }, {}, {}, ['token_type']],
    ['bearer in small letters', { token_type: 'bearer' }, {}, {}, []],
    ['expires_in as text', { expires_in: '1800' }, {}, {}, ['expires_in not a whole number']],
    ['expires_in with a fraction', { expires_in: 1800.7 }, {}, {}, ['expires_in not a whole number']],
    ['no expires_in', { expires_in: undefined }, {}, { expires_in: 3600 }, ['expires_in missing']],
    ['expires_in of nothing', { expires_in: 0 }, {}, { expires_in: 3600 }, ['expires_in missing']],
    ['expires_in of words', { expires_in: 'soon' }, {}, { expires_in: 3600 }, ['expires_in missing']],
    ['expires_in below nothing', { expires_in: -1 }, {}, { expires_in: 3600 }, ['expires_in missing']],
    ['no refresh_token', { refresh_token: undefined }, {}, { refresh_token: 'presented' }, ['refresh_token missing']],
    ['an empty refresh_token', { refresh_token: '' }, {}, { refresh_token: 'presented' }, ['refresh_token missing']],
    ['more than is known', { id_token: 'i', user: { mail: 'a@b.c' }, created_at: 1 }, {}, {}, []],
    ['a scope', { scope: 'read  write' }, {}, { scope: 'read write' }, []],
    ["GitHub's scope", { scope: 'repo,gist' }, {}, { scope: 'repo,gist' }, []],
    ['an empty scope', { scope: '' }, {}, {}, []],
    ['a scope that is none', { scope: ['read'] }, {}, {}, []],
    ['an error that is none', { error: null, error_description: null }, {}, {}, []],
  ];
  it.each(repairs)('with %s are put right', (_, change, how, expected, repaired) => {
    const verdict = judgeRelayedAnswer(arrived({ ...GOOD, ...change }, how), REFRESH);
    expect(verdict).toMatchObject({ kind: 'tokens', repaired });
    expect(verdict).toHaveProperty('tokens', { ...GOOD, ...expected });
  });

  it('below 360 seconds are passed on, and told', () => {
    const verdict = judgeRelayedAnswer(arrived({ ...GOOD, expires_in: 60 }), REFRESH);
    expect(verdict).toMatchObject({ tokens: { expires_in: 60 }, repaired: [], told: ['expires_in below 360 (R80)'] });
  });

  it('longer than Alexa is known to take are passed on, and told', () => {
    const verdict = judgeRelayedAnswer(arrived({ ...GOOD, access_token: 'a'.repeat(2_049) }), REFRESH);
    expect(verdict).toMatchObject({ told: ['access_token above 2048 characters (R86)'] });
  });

  it('for a code go without a refresh token where there is none, and it is told', () => {
    const verdict = judgeRelayedAnswer(arrived({ ...GOOD, refresh_token: undefined }), CODE);
    expect(verdict).toMatchObject({ kind: 'tokens', spent: true, repaired: [], told: [expect.stringMatching(/R78/)] });
    expect(verdict).not.toHaveProperty('tokens.refresh_token');
  });

  it.each([
    ['another refresh token', REFRESH, { refresh_token: 'r2' }, true],
    ['the same refresh token', REFRESH, { refresh_token: 'presented' }, false],
    ['no refresh token', REFRESH, { refresh_token: undefined }, false],
    ['a code', CODE, { refresh_token: 'r2' }, true],
  ] as const)('with %s: what was presented is spent or not', (_, asked, change, spent) => {
    expect(judgeRelayedAnswer(arrived({ ...GOOD, ...change }), asked)).toMatchObject({ spent });
  });
});

describe('a verdict', () => {
  it.each([
    [400, 'invalid_grant', REFRESH, 'refused'],
    [401, 'invalid_grant', REFRESH, 'refused'],
    [403, 'invalid_grant', CODE, 'refused'],
    [200, 'invalid_grant', REFRESH, 'refused'],
    [200, 'bad_verification_code', CODE, 'refused'],
    [200, 'bad_refresh_token', REFRESH, 'refused'],
    [200, 'bad_verification_code', REFRESH, 'failed'],
    [200, 'bad_refresh_token', CODE, 'failed'],
    [500, 'invalid_grant', REFRESH, 'failed'],
    [503, 'invalid_grant', REFRESH, 'failed'],
    [429, 'invalid_grant', REFRESH, 'failed'],
    [408, 'invalid_grant', REFRESH, 'failed'],
    [302, 'invalid_grant', REFRESH, 'failed'],
    [400, 'invalid_client', REFRESH, 'failed'],
    [401, 'invalid_client', CODE, 'failed'],
    [400, 'unauthorized_client', REFRESH, 'failed'],
    [400, 'invalid_request', REFRESH, 'failed'],
    [400, 'invalid_scope', REFRESH, 'failed'],
    [200, 'incorrect_client_credentials', CODE, 'failed'],
    [400, 'temporarily_unavailable', REFRESH, 'failed'],
  ] as const)('of %i %s', (status, error, asked, kind) => {
    const verdict = judgeRelayedAnswer(arrived({ error, error_description: 'x' }, { status }), asked);
    expect(verdict).toMatchObject({ kind });
    expect(JSON.stringify(verdict)).toContain(error);
  });

  it('is not read out of an answer that has tokens as well', () => {
    expect(judgeRelayedAnswer(arrived({ ...GOOD, error: 'slow_down' }), REFRESH)).toMatchObject({ kind: 'failed' });
  });
});

describe('garbage', () => {
  it.each([
    ['HTML', undefined, {}],
    ['nothing at all', undefined, { status: 204 }],
    ['a list', [GOOD], {}],
    ['a text', 'invalid_grant', { status: 400 }],
    ['a redirect', undefined, { status: 302 }],
    ['no access token', { ...GOOD, access_token: undefined }, {}],
    ['an access token that is a number', { ...GOOD, access_token: 1 }, {}],
    ['an access token with a line break', { ...GOOD, access_token: 'a\r\nb' }, {}],
    ['an access token that never ends', { ...GOOD, access_token: 'a'.repeat(MAX_RELAYED_TOKEN + 1) }, {}],
    ['a refresh token that never ends', { ...GOOD, refresh_token: 'a'.repeat(MAX_RELAYED_TOKEN + 1) }, {}],
    ['an error that is an object', { error: { code: 'invalid_grant' } }, { status: 400 }],
    ['an answer of 400 without an error', {}, { status: 400 }],
    ['an answer of 500', GOOD, { status: 500 }],
  ] as [string, unknown, Partial<AnswerToRelay>][])('%s is a failure', (_, answer, how) => {
    expect(judgeRelayedAnswer(arrived(answer, how), REFRESH).kind).toBe('failed');
  });

  it('in the place of an error code is not repeated', () => {
    const verdict = judgeRelayedAnswer(arrived({ error: 'eyJhbGciOi.secret' }, { status: 400 }), REFRESH);
    expect(verdict).toEqual({ kind: 'failed', reason: 'status 400' });
  });
});

describe('whatever arrives', () => {
  const value = fc.oneof(fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.object());
  const answer = fc.oneof(
    fc.anything(),
    fc.record(
      { access_token: value, token_type: value, expires_in: value, refresh_token: value, scope: value, error: value },
      { requiredKeys: [] },
    ),
  );
  const request = fc.constantFrom(REFRESH, CODE);

  it('comes out in the shape that Alexa takes, or not at all', () => {
    fc.assert(
      fc.property(answer, fc.integer({ min: 100, max: 599 }), request, (body, status, asked) => {
        const verdict = judgeRelayedAnswer(arrived(body, { status }), asked);
        if (verdict.kind !== 'tokens') return;
        const { tokens } = verdict;
        const known = ['access_token', 'token_type', 'expires_in', 'refresh_token', 'scope'];
        expect(Object.keys(tokens).filter((key) => !known.includes(key))).toEqual([]);
        expect(status >= 200 && status < 300).toBe(true);
        expect(tokens.access_token).toMatch(/^[\x20-\x7E]+$/);
        expect(Number.isInteger(tokens.expires_in) && tokens.expires_in >= 1).toBe(true);
        if (asked.grantType === 'refresh_token') expect(tokens.refresh_token).toBeDefined();
      }),
    );
  });

  it('refuses a credential only by a word of the other server that says so', () => {
    fc.assert(
      fc.property(answer, fc.integer({ min: 100, max: 599 }), request, (body, status, asked) => {
        const verdict = judgeRelayedAnswer(arrived(body, { status }), asked);
        const error = (body as { error?: unknown } | null | undefined)?.error;
        const terminal = ['invalid_grant', 'bad_verification_code', 'bad_refresh_token'];
        if (verdict.kind === 'refused') expect(terminal).toContain(error);
      }),
    );
  });
});

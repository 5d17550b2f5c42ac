import { buildAlexaAppUrl, buildLwaFallbackUrl } from './enablement-addresses.js';
import { readEnablementAnswer, readEndpoints } from './enablement-answers.js';
import { enablementOrder, enablementStart } from './enablement-order.js';
import { buildEnablement, buildEnablementCall, buildEndpointDiscovery } from './enablement-requests.js';

const START = {
  clientId: 'amzn1.application-oa2-client.1',
  redirectUri: 'https://app.example/back?a=b',
  state: 'x+/=',
};
const API = 'https://api.amazonalexa.com';

test('a household is sent to the Alexa app, or to a page of Amazon’s with PKCE (R186, R187)', () => {
  expect(buildAlexaAppUrl(START, 'development')).toBe(
    'https://alexa.amazon.com/spa/skill-account-linking-consent?fragment=skill-account-linking-consent' +
      '&client_id=amzn1.application-oa2-client.1&scope=alexa%3A%3Askills%3Aaccount_linking&skill_stage=development' +
      '&response_type=code&redirect_uri=https%3A%2F%2Fapp.example%2Fback%3Fa%3Db&state=x%2B%2F%3D',
  );
  expect(buildLwaFallbackUrl(START, 'challenge')).toBe(
    'https://www.amazon.com/ap/oa?client_id=amzn1.application-oa2-client.1&scope=alexa%3A%3Askills%3Aaccount_linking' +
      '&response_type=code&redirect_uri=https%3A%2F%2Fapp.example%2Fback%3Fa%3Db&state=x%2B%2F%3D' +
      '&code_challenge=challenge&code_challenge_method=S256',
  );
});

test('requests have the shape that Amazon documents (R190, R192, R193)', () => {
  expect(buildEndpointDiscovery(API, 't')).toMatchObject({ method: 'GET', url: `${API}/v1/alexaApiEndpoint` });
  const account = { stage: 'live', redirectUri: 'https://app.example/back', authCode: 'c' } as const;
  const enable = buildEnablement(API, 'amzn1.ask.skill.1', 'Atza|t', account);
  expect(enable).toMatchObject({
    method: 'POST',
    url: `${API}/v1/users/~current/skills/amzn1.ask.skill.1/enablement`,
    headers: { authorization: 'Bearer Atza|t', 'content-type': 'application/json' },
  });
  expect(JSON.parse(enable.body ?? '')).toEqual({
    stage: 'live',
    accountLinkRequest: { redirectUri: 'https://app.example/back', authCode: 'c', type: 'AUTH_CODE' },
  });
  expect(buildEnablementCall('DELETE', API, 'a/b', 't')).toEqual({
    method: 'DELETE',
    url: `${API}/v1/users/~current/skills/a%2Fb/enablement`,
    headers: { authorization: 'Bearer t', accept: 'application/json' },
  });
});

describe('endpoints', () => {
  const known = [API, 'https://api.eu.amazonalexa.com', 'https://api.fe.amazonalexa.com'];
  const read = (endpoints: unknown, status = 200) =>
    readEndpoints({ status, body: JSON.stringify({ endpoints }) }, known);

  test.each([
    [['https://api.eu.amazonalexa.com'], ['https://api.eu.amazonalexa.com']],
    [
      ['api.fe.amazonalexa.com', `${API}/`],
      ['https://api.fe.amazonalexa.com', API],
    ],
    [[API, API], [API]],
    [['https://api.fe.amazon.com', 'https://evil.example', 'http://api.amazonalexa.com'], []],
    [[`${API}.evil.example`, `${API}/path`, `${API}@evil.example`], []],
    [[], []],
    [API, []],
    [[1], []],
  ])('%j name %j, and no token goes elsewhere', (named, expected) => {
    expect(read(named)).toEqual(expected);
  });

  test('of another status, or of no JSON, are none', () => {
    expect(read([API], 500)).toEqual([]);
    expect(readEndpoints({ status: 200, body: '<html>' }, known)).toEqual([]);
  });
});

test.each([
  [201, '', { kind: 'done', linked: false }],
  [201, '{"accountLink":{"status":"LINKED"}}', { kind: 'done', linked: true }],
  [200, '{"status":"ENABLED","accountLink":{"status":"NOT_LINKED"}}', { kind: 'done', linked: false }],
  [204, '', { kind: 'done', linked: false }],
  [400, '{"message":"Invalid account linking credentials"}', { kind: 'refused', reason: 'malformed', status: 400 }],
  [401, '', { kind: 'refused', reason: 'token_refused', status: 401 }],
  [403, '', { kind: 'refused', reason: 'not_allowed', status: 403 }],
  [404, '', { kind: 'refused', reason: 'not_found', status: 404 }],
  [429, '', { kind: 'later', status: 429 }],
  [500, '', { kind: 'later', status: 500 }],
  [503, '<html>', { kind: 'later', status: 503 }],
  [302, '', { kind: 'later', status: 302 }],
])('%d %s is %j (R194)', (status, body, expected) => {
  expect(readEnablementAnswer({ status, body })).toEqual(expected);
});

describe('what a skill’s server asks', () => {
  const LINK = '0197a0c0-6f2c-7d55-b3a4-0c6b3f6b9a10';
  const order = { amazonCode: 'ANUb', redirectUri: 'https://app.example/back', stage: 'live' };

  test.each([
    [{ ...order, link: LINK }, true],
    [{ ...order, code: 'ours', codeVerifier: 'v'.repeat(43) }, true],
    [order, false],
    [{ ...order, link: LINK, code: 'ours' }, false],
    [{ ...order, link: 'nobody' }, false],
    [{ ...order, link: LINK, stage: 'certified' }, false],
    [{ ...order, link: LINK, redirectUri: 'back' }, false],
    [{ ...order, link: LINK, amazonCode: '' }, false],
    [{ ...order, link: LINK, amazonCode: 'x'.repeat(2_049) }, false],
    [{ ...order, link: LINK, amazonCode: 'a\nb' }, false],
    [{ ...order, link: LINK, more: 1 }, false],
  ])('%j is an order: %s', (value, valid) => {
    expect(enablementOrder.safeParse(value).success).toBe(valid);
  });

  test('a start names where the household comes back', () => {
    const start = { redirectUri: 'https://app.example/back', state: 's', stage: 'development' };
    expect(enablementStart.safeParse(start).success).toBe(true);
    expect(enablementStart.safeParse({ ...start, state: '' }).success).toBe(false);
  });
});

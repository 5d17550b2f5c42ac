import { noteSecret } from '@linkbroker/testing';
import { fetchAccountLinking, type FetchNeeds } from './fetch-account-linking.js';

const ACCOUNT = {
  clientId: 'amzn1.application-oa2-client.dev',
  clientSecret: noteSecret('client secret', 'profile-secret-of-a-test'),
  refreshToken: noteSecret('refresh token', 'Atzr|refresh-token-of-a-test'),
};
const TOKEN = noteSecret('access token', 'Atza|access-token-of-a-test');
const SKILL = { id: 'amzn1.ask.skill.1', stage: 'live' } as const;

interface Answer {
  readonly status: number;
  readonly body: string;
}
const tokens = { status: 200, body: JSON.stringify({ access_token: TOKEN, token_type: 'bearer', expires_in: 3600 }) };

function world(lwa: Answer, smapi: Answer | Error) {
  const asked: { url: string; headers: Readonly<Record<string, string>>; body?: string }[] = [];
  const needs: FetchNeeds = {
    lwaTokenUrl: 'https://lwa.example/token',
    smapiUrl: 'https://smapi.example',
    send: (request) => {
      asked.push(request);
      const answer = request.url.startsWith('https://lwa.') ? lwa : smapi;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
  return { asked, fetch: () => fetchAccountLinking(needs, ACCOUNT, SKILL) };
}

it('asks for a token by the refresh token, and for the account linking by that', async () => {
  const { asked, fetch } = world(tokens, { status: 200, body: '{"accountLinkingResponse":{}}' });
  expect(await fetch()).toBe('{"accountLinkingResponse":{}}');
  expect(Object.fromEntries(new URLSearchParams(asked[0]!.body))).toEqual({
    grant_type: 'refresh_token',
    refresh_token: ACCOUNT.refreshToken,
    client_id: ACCOUNT.clientId,
    client_secret: ACCOUNT.clientSecret,
  });
  expect(asked[1]).toMatchObject({
    url: 'https://smapi.example/v1/skills/amzn1.ask.skill.1/stages/live/accountLinkingClient',
    headers: { authorization: `Bearer ${TOKEN}` },
  });
});

const error = (code: string): string => JSON.stringify({ error: code, error_description: ACCOUNT.clientSecret });

it.each([
  ['a refresh token that is dead', { status: 400, body: error('invalid_grant') }, tokens, /refuses LWA_REFRESH_TOKEN/],
  [
    'a wrong secret',
    { status: 401, body: error('invalid_client') },
    tokens,
    /refuses LWA_CLIENT_ID and LWA_CLIENT_SECRET/,
  ],
  ['Login with Amazon in trouble', { status: 503, body: '' }, tokens, /could not be asked: status 503/],
  ['a token that is not accepted', tokens, { status: 401, body: TOKEN }, /does not accept/],
  ["somebody else's skill", tokens, { status: 403, body: '{}' }, /may not read this skill/],
  ['a skill without account linking', tokens, { status: 404, body: '{}' }, /no account linking/],
  ['too many questions', tokens, { status: 429, body: '{}' }, /too often/],
  ['an API in trouble', tokens, { status: 500, body: '{}' }, /answered 500/],
  ['no network', tokens, new Error('connect ECONNREFUSED'), /smapi\.example cannot be reached: connect ECONNREFUSED/],
])('says so for %s, and repeats no secret', async (_, lwa, smapi, message) => {
  const failed = await world(lwa, smapi)
    .fetch()
    .catch((thrown: unknown) => thrown as Error);
  expect(failed).toMatchObject({ name: 'SmapiRefused', message: expect.stringMatching(message) as string });
  for (const secret of [TOKEN, ACCOUNT.clientSecret, ACCOUNT.refreshToken])
    expect(String(failed)).not.toContain(secret);
});

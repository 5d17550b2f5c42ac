import { buildAcceptGrant } from '@linkbroker/alexa';
import { post } from '../../test/alexa.js';
import { expectRefused, startEventWorld, type EventWorld } from '../../test/event-world.js';
import { ALEXA, BACKEND, type TestBroker } from '../../test/test-broker.js';

let world: EventWorld;
let broker: TestBroker;

beforeAll(async () => {
  world = await startEventWorld();
  ({ broker } = world);
}, 60_000);
afterAll(() => world.close());

const directive = buildAcceptGrant({ code: 'c', token: 't', messageId: 'one' });
const through = { clientId: 'through-backend', clientSecret: 'through-backend-secret' };

test.each([
  ['a wrong secret', { client: { ...BACKEND, clientSecret: 'wrong' } }],
  ["Alexa's own client", { client: ALEXA }],
  ['a client that is not there', { client: { clientId: 'nobody', clientSecret: 'x' } }],
  ['no client', { headers: { authorization: '' } }],
])('%s is 401', async (_, options) => {
  const answer = await world.hand(directive, options);
  expect([answer.status, answer.body['error']]).toEqual([401, 'invalid_client']);
});

test('a skill without the permission says what it lacks', async () => {
  expectRefused(await world.hand(directive, { client: through, skill: 'alexa-through' }), /no `events`/);
});

test("another skill's address is 404, whether the skill is there or not", async () => {
  const answers = [await world.hand(directive, { client: through }), await world.hand(directive, { skill: 'nothing' })];
  expect(answers.map(({ status }) => status)).toEqual([404, 404]);
  expect(answers[0]!.body).toEqual(answers[1]!.body);
});

test('a client id that is an address is part of the path, percent-encoded', async () => {
  const answer = await world.hand(directive, { skill: 'https://strict.example/' });
  expect([answer.status, answer.body['error_description']]).toEqual([404, expect.stringMatching(/own client id/)]);
});

test.each(['', 'nonsense', '[]', '{}', '{"directive":{}}', JSON.stringify(directive.directive)])(
  'a body that is %j is 400',
  async (body) => {
    const answer = await world.hand(body);
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_request']);
  },
);

test('a form is 400 here, and JSON is none at the token endpoint', async () => {
  const form = await world.hand('directive=x', { headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  expect(form.status).toBe(400);
  const json = await post(broker, '/oauth/token', '{"grant_type":"refresh_token"}', {
    'content-type': 'application/json',
  });
  expect([json.status, json.body['error']]).toEqual([400, 'invalid_request']);
});

test('GET is 405', async () => {
  expect((await fetch(`${broker.url}/alexa/${ALEXA.clientId}/directives`)).status).toBe(405);
});

test('another directive is told what belongs here', async () => {
  const { header } = directive.directive;
  const discover = { ...header, namespace: 'Alexa.Discovery', name: 'Discover', correlationToken: 'x' };
  const { status, body } = await world.hand({ directive: { header: discover, payload: {} } });
  expect([status, body]).toMatchObject([
    200,
    { event: { header: { namespace: 'Alexa', name: 'ErrorResponse', correlationToken: 'x' } } },
  ]);
  expect(JSON.stringify(body)).toMatch(/INVALID_DIRECTIVE.*AcceptGrant/);
});

test('an AcceptGrant without its code is answered in its own namespace', async () => {
  expectRefused(await world.hand({ directive: { ...directive.directive, payload: {} } }), /no authorization code/);
});

test('what is not there yet is 404 in JSON', async () => {
  const response = await fetch(`${broker.url}/alexa/${ALEXA.clientId}/nothing`, { method: 'POST' });
  expect([response.status, ((await response.json()) as { error: string }).error]).toEqual([404, 'invalid_request']);
});

import { acceptGrant } from '@linkbroker/simulator';
import { noteSecret } from '@linkbroker/testing';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startEventWorld, type EventWorld } from '../../test/event-world.js';
import { lwaError } from '../../test/lwa.js';
import { ALEXA, BACKEND } from '../../test/test-broker.js';

interface Told {
  readonly event: { readonly header: object; readonly payload: object };
}
type Handler = (request: object) => Promise<Told>;

const servers: Server[] = [];
/** A JSON server; `answer` is given the body and the Authorization header. */
async function serve(answer: (body: string, authorization: string) => Promise<readonly [number, unknown]>) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      void answer(Buffer.concat(chunks).toString(), request.headers.authorization ?? '').then(([status, value]) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value)),
      );
    });
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://localhost:${String((server.address() as AddressInfo).port)}`;
}

let world: EventWorld;
let handler: Handler;
let token: string;
const acme: { status: number; tokens: string[] } = { status: 200, tokens: [] };

beforeAll(async () => {
  world = await startEventWorld();
  const api = await serve((_, authorization) => {
    acme.tokens.push(noteSecret('upstream token', authorization.replace('Bearer ', '')));
    return Promise.resolve([acme.status, [{ id: 'lamp-1', name: 'Hall' }]]);
  });
  Object.assign(process.env, {
    BROKER_URL: world.broker.url,
    BROKER_CLIENT_ID: BACKEND.clientId,
    BROKER_CLIENT_SECRET: BACKEND.clientSecret,
    ALEXA_CLIENT_ID: ALEXA.clientId,
    ACME_API_URL: api,
  });
  // A path that the compiler does not follow: the Lambda is no part of the build.
  const file = '../../../../docs/smart-home-lambda/index.mjs';
  ({ handler } = (await import(file)) as { handler: Handler });
}, 60_000);
afterAll(async () => {
  for (const server of servers) server.close();
  await world.close();
});
beforeEach(async () => {
  Object.assign(acme, { status: 200, tokens: [] });
  token = await world.household();
});

const discover = (bearer: string) => ({
  directive: {
    header: { namespace: 'Alexa.Discovery', name: 'Discover', payloadVersion: '3', messageId: 'm' },
    payload: { scope: { type: 'BearerToken', token: bearer } },
  },
});
const turnOn = (bearer: string) => ({
  directive: {
    header: {
      namespace: 'Alexa.PowerController',
      name: 'TurnOn',
      payloadVersion: '3',
      messageId: 'm',
      correlationToken: 'c',
    },
    endpoint: { endpointId: 'lamp-1', scope: { type: 'BearerToken', token: bearer } },
    payload: {},
  },
});

test('AcceptGrant is handed on: accepted as Alexa takes it, refused as Alexa knows it, and the next try works', async () => {
  const url = await serve(async (body) => [200, await handler(JSON.parse(body) as object)]);
  const hand = () => acceptGrant({ url, backend: BACKEND }, { code: world.lwa.newCode(), token });
  world.lwa.faults.push(() => lwaError(400, 'invalid_grant'));
  const refused = await hand();
  expect([refused.accepted, refused.findings.map(({ rule }) => rule)]).toEqual([false, ['R148']]);
  const accepted = await hand();
  expect([accepted.accepted, accepted.findings.filter(({ ok }) => !ok)]).toEqual([true, []]);
});

test('devices are found and switched with a token of the provider’s own', async () => {
  expect((await handler(discover(token))).event).toMatchObject({
    header: { namespace: 'Alexa.Discovery', name: 'Discover.Response' },
    payload: { endpoints: [{ endpointId: 'lamp-1', friendlyName: 'Hall' }] },
  });
  expect(await handler(turnOn(token))).toMatchObject({
    event: {
      header: { namespace: 'Alexa', name: 'Response', correlationToken: 'c' },
      endpoint: { endpointId: 'lamp-1' },
      payload: {},
    },
    context: { properties: [{ namespace: 'Alexa.PowerController', name: 'powerState', value: 'ON' }] },
  });
  expect(acme.tokens).toHaveLength(2);
  expect(acme.tokens).not.toContain(token);
});

test.each([
  ['refuses every token', 401, 2],
  ['is down', 500, 1],
])('nobody is unlinked while the API of Acme %s', async (_, status, calls) => {
  acme.status = status;
  const { event } = await handler(turnOn(token));
  expect(event.header).toMatchObject({ namespace: 'Alexa', name: 'ErrorResponse' });
  expect(event.payload).toMatchObject({ type: 'BRIDGE_UNREACHABLE' });
  expect(acme.tokens).toHaveLength(calls);
});

test('a token that is worth nothing unlinks nobody either, and finds no devices', async () => {
  expect((await handler(turnOn('nobodys'))).event.payload).toMatchObject({ type: 'INTERNAL_ERROR' });
  expect((await handler(discover('nobodys'))).event.payload).toEqual({ endpoints: [] });
});

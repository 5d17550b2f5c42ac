import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { closeAll, CREDENTIALS, json, startBroker, type Asked } from '../test/fake-broker.js';
import { discover, intentRequest, turnOn } from '../test/requests.js';

/** The examples of the README are files, so that the compiler checks them, and run here as they stand. */
const fileOf = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));
const readme = readFileSync(fileOf('README.md'), 'utf8');

it.each(['custom-skill', 'smart-home'])('%s stands in the README as it was compiled', (name) => {
  const file = readFileSync(fileOf(`test/examples/${name}.ts`), 'utf8');
  const example = file.replace("'../../src/index.js'", "'@linkbroker/skill-client'");
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\`\n`);
});

it('the README has no other example', () => {
  expect(readme.match(/^```ts$/gm)).toHaveLength(2);
});

describe('run', () => {
  const acme: { asked: Asked[]; status: number } = { asked: [], status: 200 };
  const logged: string[] = [];
  const write = process.stderr.write.bind(process.stderr);
  const load = async () => ({
    custom: await import('../test/examples/custom-skill.js'),
    smartHome: await import('../test/examples/smart-home.js'),
  });
  let custom: Awaited<ReturnType<typeof load>>['custom'];
  let smartHome: Awaited<ReturnType<typeof load>>['smartHome'];

  beforeAll(async () => {
    const broker = await startBroker();
    const api = await startBroker((response, asked) => {
      acme.asked.push(asked);
      return json(response, acme.status, [
        { id: 'appliance-001', name: 'Hall' },
        { id: 'appliance-002', name: 'Porch' },
      ]);
    });
    Object.assign(process.env, {
      BROKER_URL: broker.url,
      BROKER_CLIENT_ID: CREDENTIALS.clientId,
      BROKER_CLIENT_SECRET: CREDENTIALS.clientSecret,
      ACME_API_URL: api.url,
    });
    ({ custom, smartHome } = await load());
  });
  afterAll(closeAll);
  beforeEach(() => {
    Object.assign(acme, { asked: [], status: 200 });
    logged.length = 0;
    process.stderr.write = (line: string | Uint8Array) => logged.push(String(line)) > 0;
  });
  afterEach(() => {
    process.stderr.write = write;
  });

  const ask = (token?: string) =>
    new Promise<unknown>((resolve, reject) => {
      const done = (error: Error | null, result?: unknown): void => (error ? reject(error) : resolve(result));
      // The SDK's way of old, with a callback.
      custom.handler(intentRequest('LightsIntent', token), {}, done);
    });

  it('the custom skill asks the provider with the token, or for the link', async () => {
    expect(await ask('good')).toMatchObject({
      version: '1.0',
      response: { outputSpeech: { ssml: '<speak>You have 2 lights.</speak>' } },
    });
    expect(acme.asked[0]?.headers.authorization).toBe('Bearer upstream-of-good');
    expect(await ask()).toMatchObject({ response: { card: { type: 'LinkAccount' }, shouldEndSession: true } });
    expect(await ask('sick')).toMatchObject({ response: { outputSpeech: { type: 'PlainText' } } });
    expect(acme.asked).toHaveLength(1);
    expect(logged).toEqual([
      '{"kind":"not-linked"}\n',
      '{"kind":"unavailable","retryAfterSeconds":2,"reason":"the broker answered 503"}\n',
    ]);
  });

  it('the smart home skill turns on a light, or says why not', async () => {
    expect(await smartHome.handler(turnOn('good'))).toMatchObject({
      event: { header: { namespace: 'Alexa', name: 'Response' }, endpoint: { endpointId: 'appliance-001' } },
    });
    expect(acme.asked[0]).toMatchObject({ method: 'PUT', path: '/lights/appliance-001' });
    expect(await smartHome.handler(turnOn('dead'))).toMatchObject({
      event: { payload: { type: 'INVALID_AUTHORIZATION_CREDENTIAL' } },
    });
    expect(await smartHome.handler(turnOn('void'))).toMatchObject({ event: { payload: { type: 'INTERNAL_ERROR' } } });
  });

  it('the smart home skill lists the lights, or none', async () => {
    const ids = async (token: string) => {
      const answer = (await smartHome.handler(discover(token))) as {
        event: { payload: { endpoints: { endpointId: string }[] } };
      };
      return answer.event.payload.endpoints.map(({ endpointId }) => endpointId);
    };
    expect(await ids('good')).toEqual(['appliance-001', 'appliance-002']);
    expect(await ids('dead')).toEqual([]);
  });

  it('the smart home skill does not take a 401 of the provider for the end of the link', async () => {
    acme.status = 401;
    expect(await smartHome.handler(turnOn('good'))).toMatchObject({
      event: { payload: { type: 'BRIDGE_UNREACHABLE' } },
    });
    expect(acme.asked).toHaveLength(2);
  });
});

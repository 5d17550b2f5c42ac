import { FixedClock } from '@linkbroker/testing';
import type { ConsoleClient } from '../../test/console-client.js';
import { SoftwareAuthenticator } from '../../test/software-authenticator.js';
import { ADA, LOGIN, PASSWORD, useAdmin } from '../../test/use-admin.js';

const clock = new FixedClock('2026-11-22T12:00:00Z');
const { browser, sql, welcomeToken } = useAdmin(clock);
beforeEach(() => sql('TRUNCATE linkbroker.accounts CASCADE').then(() => undefined));

type Options = { readonly challenge: string };
const optionsOf = async (client: ConsoleClient, path: string): Promise<Options> =>
  (await client.send<Options>('POST', path)).body;

/** An operator whose second factor is a passkey. */
async function operator(
  device = new SoftwareAuthenticator(),
): Promise<{ client: ConsoleClient; device: SoftwareAuthenticator }> {
  const client = browser();
  await client.send('POST', '/welcome', { token: await welcomeToken(), ...ADA });
  const credential = device.register(await optionsOf(client, '/account/passkeys/options'));
  const added = await client.send('POST', '/account/passkeys', { name: 'Laptop', credential });
  expect([added.status, added.body]).toMatchObject([200, { stage: 'signed-in', factors: { passkeys: 1 } }]);
  return { client, device };
}

test('a passkey signs in without a name or password, with its second factor', async () => {
  const { device } = await operator();
  const client = browser();
  const credential = device.signIn(await optionsOf(client, '/session/passkey/options'), { counter: 1 });
  const done = await client.send('POST', '/session/passkey', { credential });
  expect(done.body).toMatchObject({ stage: 'signed-in', account: { login: LOGIN } });
  expect(done.body['secondFactorAt']).toBe(clock.now().toISOString());
  expect((await client.send('GET', '/tenants')).status).toBe(200);
});

test('a passkey is the second factor after a password', async () => {
  const { device } = await operator();
  const client = browser();
  expect((await client.signIn(LOGIN, PASSWORD)).body.stage).toBe('second-factor');
  const before = client.cookie;
  const options = await optionsOf(client, '/session/passkey/options');
  expect(options).toMatchObject({ allowCredentials: [{ id: device.id }], userVerification: 'required' });
  await client.send('POST', '/session/passkey', { credential: device.signIn(options) });
  expect((await client.session()).body.stage).toBe('signed-in');
  expect(client.cookie).not.toBe(before);
});

describe('a passkey is refused', () => {
  const attempt = async (answer: (device: SoftwareAuthenticator, options: Options) => object) => {
    const { device } = await operator();
    const client = browser();
    const credential = answer(device, await optionsOf(client, '/session/passkey/options'));
    const refused = await client.send('POST', '/session/passkey', { credential });
    expect((await client.session()).body.stage).toBe('signed-out');
    return refused.status;
  };

  test.each<[string, (device: SoftwareAuthenticator, options: Options) => object]>([
    ['that answers to another site', (device, options) => device.signIn(options, { origin: 'https://evil.example' })],
    ['that did not look at the person', (device, options) => device.signIn(options, { verified: false })],
    ['that nobody registered', (_, options) => new SoftwareAuthenticator().signIn(options)],
    ['whose challenge was not given out', (device, options) => device.signIn(options, { challenge: 'A'.repeat(43) })],
    [
      'that another key signed for',
      (device, options) => ({ ...new SoftwareAuthenticator().signIn(options), id: device.id, rawId: device.id }),
    ],
    ['without a challenge', (device) => ({ id: device.id, response: {} })],
    ['whose data is no JSON', (device) => ({ id: device.id, response: { clientDataJSON: 'x' } })],
  ])('%s', async (_, answer) => {
    expect(await attempt(answer)).toBe(401);
  });

  test('that answers the same challenge twice', async () => {
    const { device } = await operator();
    const client = browser();
    const credential = device.signIn(await optionsOf(client, '/session/passkey/options'));
    expect((await client.send('POST', '/session/passkey', { credential })).status).toBe(200);
    expect((await browser().send('POST', '/session/passkey', { credential })).status).toBe(401);
  });

  test('whose counter did not go on: there are two of it', async () => {
    const { device } = await operator();
    for (const [counter, status] of [
      [5, 200],
      [5, 401],
      [4, 401],
      [6, 200],
    ] as const) {
      const client = browser();
      const credential = device.signIn(await optionsOf(client, '/session/passkey/options'), { counter });
      expect((await client.send('POST', '/session/passkey', { credential })).status).toBe(status);
    }
  });

  test('that answers the challenge of a registration', async () => {
    const { client, device } = await operator();
    const options = await optionsOf(client, '/account/passkeys/options');
    const credential = device.signIn(options);
    expect((await browser().send('POST', '/session/passkey', { credential })).status).toBe(401);
  });
});

describe('registering', () => {
  test.each([
    ['for another site', { origin: 'https://evil.example' }],
    ['without looking at the person', { verified: false }],
    ['to a challenge that was not given out', { challenge: 'A'.repeat(43) }],
  ])('%s is refused', async (_, ways) => {
    const { client } = await operator();
    const options = await optionsOf(client, '/account/passkeys/options');
    const credential = new SoftwareAuthenticator().register(options, ways);
    expect((await client.send('POST', '/account/passkeys', { name: 'Phone', credential })).status).toBe(401);
    expect((await client.session()).body.factors).toMatchObject({ passkeys: 1 });
  });

  test("is not done by who has the password only, nor to somebody else's challenge", async () => {
    const { client } = await operator();
    const thief = browser();
    await thief.signIn(LOGIN, PASSWORD);
    expect((await thief.send('POST', '/account/passkeys/options')).status).toBe(403);
    const credential = new SoftwareAuthenticator().register(await optionsOf(client, '/account/passkeys/options'));
    expect((await thief.send('POST', '/account/passkeys', { name: 'Mine', credential })).status).toBe(403);
  });

  test('and removing: a passkey goes while another factor stays', async () => {
    const { client, device } = await operator();
    expect((await client.send('DELETE', `/account/passkeys/${device.id}`)).status).toBe(409);
    clock.advance({ seconds: 1 });
    const phone = new SoftwareAuthenticator();
    const credential = phone.register(await optionsOf(client, '/account/passkeys/options'));
    await client.send('POST', '/account/passkeys', { name: 'Phone', credential });
    const listed = await client.send<{ items: { name: string }[] }>('GET', '/account/passkeys');
    expect(listed.body.items.map(({ name }) => name)).toEqual(['Laptop', 'Phone']);
    expect((await client.send('DELETE', `/account/passkeys/${device.id}`)).status).toBe(204);
    const gone = browser();
    const answer = device.signIn(await optionsOf(gone, '/session/passkey/options'));
    expect((await gone.send('POST', '/session/passkey', { credential: answer })).status).toBe(401);
  });
});

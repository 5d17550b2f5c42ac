import { jest } from '@jest/globals';
import { FixedClock, noteSecret } from '@linkbroker/testing';
import { randomBytes } from 'node:crypto';
import { totpCode } from '../../test/console-client.js';
import { LOGIN, PASSWORD, useAdmin } from '../../test/use-admin.js';

const clock = new FixedClock('2026-11-22T12:00:00Z');
const { admin, browser, operator, sql } = useAdmin(clock);
beforeEach(async () => {
  await sql('TRUNCATE linkbroker.accounts CASCADE');
  // A step of its own for each test: a code is good once.
  clock.advance({ hours: 1 });
});

describe('login and password', () => {
  test('let nobody in before the second factor', async () => {
    const { secret } = await operator();
    const client = browser();
    expect((await client.signIn(` ${LOGIN.toUpperCase()} `, PASSWORD)).body).toMatchObject({
      stage: 'second-factor',
      tenants: [],
    });
    for (const [method, path, body] of [
      ['GET', '/sessions'],
      ['GET', '/tenants'],
      ['GET', '/account/passkeys'],
      ['POST', '/account/password', { current: PASSWORD, password: 'another long password' }],
    ] as const)
      expect((await client.send(method, path, body)).status).toBe(401);
    for (const path of ['/account/totp', '/account/passkeys/options'])
      expect((await client.send('POST', path)).status).toBe(403);
    const before = client.cookie;
    const done = await client.send('POST', '/session/totp', { code: await totpCode(secret, clock.now()) });
    expect(done.body).toMatchObject({ stage: 'signed-in', secondFactorAt: clock.now().toISOString() });
    expect(client.cookie).not.toBe(before);
    expect((await client.send('GET', '/tenants')).status).toBe(200);
  });

  test('say the same of a wrong password, an unknown login and an account that was disabled', async () => {
    await operator();
    const wrong = await browser().signIn(LOGIN, 'not the password');
    const unknown = await browser().signIn('nobody@example.com', PASSWORD);
    await sql('UPDATE linkbroker.accounts SET disabled_at = now()');
    const disabled = await browser().signIn(LOGIN, PASSWORD);
    expect(wrong.status).toBe(401);
    expect(unknown.body).toEqual(wrong.body);
    expect(disabled.body).toEqual(wrong.body);
    for (const { headers } of [wrong, unknown, disabled]) expect(headers['set-cookie']).toBeUndefined();
  });

  test('are waited for after ten wrong ones, from wherever they come; who is in stays in', async () => {
    const { client } = await operator();
    for (let count = 0; count < 10; count += 1)
      expect((await browser().signIn(LOGIN, `wrong ${String(count)}`)).status).toBe(401);
    const refused = await browser().signIn(LOGIN, PASSWORD);
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '900']);
    expect((await client.send('GET', '/tenants')).status).toBe(200);
    clock.advance({ minutes: 15 });
    expect((await browser().signIn(LOGIN, PASSWORD)).status).toBe(200);
  });

  test('of nobody are waited for just so', async () => {
    const login = `${randomBytes(6).toString('hex')}@example.com`;
    for (let count = 0; count < 10; count += 1) expect((await browser().signIn(login, 'wrong')).status).toBe(401);
    expect((await browser().signIn(login, 'wrong')).status).toBe(429);
  });

  test('are waited for after a hundred wrong ones from one network', async () => {
    const near = '10.99.99.';
    const statuses: number[] = [];
    for (let count = 0; count < 101; count += 1) {
      const client = browser(`${near}${String(count)}`);
      statuses.push((await client.signIn(`${String(count)}@example.org`, 'wrong')).status);
    }
    expect(statuses.slice(0, 100).every((status) => status === 401)).toBe(true);
    expect(statuses[100]).toBe(429);
  });

  test('that could not be checked do not use up the attempts', async () => {
    await operator();
    const find = jest.spyOn(admin().needs.signIn.accounts, 'findByLogin');
    find.mockRejectedValue(new Error('connect ECONNREFUSED 10.0.0.1:5432'));
    for (let count = 0; count < 12; count += 1) {
      const { status, body } = await browser().signIn(LOGIN, PASSWORD);
      expect([status, JSON.stringify(body)]).toEqual([503, expect.not.stringContaining('10.0.0.1')]);
    }
    find.mockRestore();
    expect((await browser().signIn(LOGIN, PASSWORD)).status).toBe(200);
  });

  test('that are right do not use up the attempts', async () => {
    await operator();
    for (let count = 0; count < 12; count += 1) expect((await browser().signIn(LOGIN, PASSWORD)).status).toBe(200);
  });
});

describe("an authenticator app's code", () => {
  test('is good once, by whomever it is presented', async () => {
    const { secret } = await operator();
    const [one, two] = [browser(), browser()];
    await one.signIn(LOGIN, PASSWORD);
    await two.signIn(LOGIN, PASSWORD);
    const code = await totpCode(secret, clock.now());
    expect((await one.send('POST', '/session/totp', { code })).status).toBe(200);
    expect((await two.send('POST', '/session/totp', { code })).status).toBe(401);
    const before = new Date(clock.now().getTime() - 30_000);
    expect((await two.send('POST', '/session/totp', { code: await totpCode(secret, before) })).status).toBe(401);
  });

  test('of a clock that is half a minute off is taken, of one that is further off is not', async () => {
    const { secret } = await operator();
    clock.advance({ minutes: 10 });
    for (const [seconds, status] of [
      [-61, 401],
      [61, 401],
      [-30, 200],
    ] as const) {
      const client = browser();
      await client.signIn(LOGIN, PASSWORD);
      const code = await totpCode(secret, new Date(clock.now().getTime() + seconds * 1_000));
      expect((await client.send('POST', '/session/totp', { code })).status).toBe(status);
    }
  });

  test('can be guessed ten times in a quarter of an hour', async () => {
    const { secret } = await operator();
    const client = browser();
    await client.signIn(LOGIN, PASSWORD);
    const right = await totpCode(secret, clock.now());
    const wrong = String((Number(right) + 1) % 1_000_000).padStart(6, '0');
    for (let count = 0; count < 10; count += 1)
      expect((await client.send('POST', '/session/totp', { code: wrong })).status).toBe(401);
    expect((await client.send('POST', '/session/totp', { code: right })).status).toBe(429);
  });

  test('is presented again before factors are changed later', async () => {
    const { client, secret } = await operator();
    clock.advance({ minutes: 15 });
    expect((await client.send('POST', '/account/recovery-codes')).status).toBe(403);
    await client.send('POST', '/session/totp', { code: await totpCode(secret, clock.now()) });
    expect((await client.send('POST', '/account/recovery-codes')).status).toBe(201);
  });

  test('stays the last factor of an operator', async () => {
    const { client } = await operator();
    expect((await client.send('DELETE', '/account/totp')).status).toBe(409);
    expect((await client.send('POST', '/account/totp')).status).toBe(409);
  });
});

test('recovery codes stand in for a second factor, each once', async () => {
  const { client } = await operator();
  const made = await client.send<{ recoveryCodes: string[] }>('POST', '/account/recovery-codes');
  const codes = made.body.recoveryCodes.map((code) => noteSecret('recovery code', code));
  expect(new Set(codes).size).toBe(10);
  const [code = ''] = codes;
  const statuses: number[] = [];
  for (const text of [code.toLowerCase().replaceAll('-', ' '), code]) {
    const lost = browser();
    await lost.signIn(LOGIN, PASSWORD);
    statuses.push((await lost.send('POST', '/session/recovery-code', { code: text })).status);
  }
  expect(statuses).toEqual([200, 401]);
  expect((await client.session()).body.factors).toEqual({ totp: true, passkeys: 0, recoveryCodes: 9 });
});

import { EphemeralUnavailable } from '@linkbroker/ephemeral';
import { jest } from '@jest/globals';
import { FixedClock, noteSecret } from '@linkbroker/testing';
import { totpCode } from '../../test/console-client.js';
import { LOGIN, PASSWORD, useAdmin } from '../../test/use-admin.js';

const clock = new FixedClock('2026-11-22T12:00:00Z');
const { admin, browser, operator, sql } = useAdmin(clock);
beforeEach(async () => {
  await sql('TRUNCATE linkbroker.accounts CASCADE');
  // A step of its own for each test: a code is good once.
  clock.advance({ hours: 1 });
});

describe('sessions', () => {
  test('end by signing out, by being ended elsewhere, and with the account', async () => {
    const { client, secret } = await operator();
    const other = browser();
    await other.signIn(LOGIN, PASSWORD);
    await other.send('POST', '/session/totp', { code: await totpCode(secret, clock.now()) });
    const listed = await client.send<{ items: { id: string; current: boolean; agent: string }[] }>('GET', '/sessions');
    expect(listed.body.items.map(({ current }) => current).sort()).toEqual([false, true]);
    expect(listed.body.items[0]?.agent).toBe('Firefox on Linux');
    const theirs = listed.body.items.find(({ current }) => !current)?.id ?? '';
    expect((await client.send('DELETE', `/sessions/${theirs}`)).status).toBe(204);
    expect((await other.session()).body.stage).toBe('signed-out');
    const out = await client.send('DELETE', '/session');
    expect(out.headers['set-cookie']).toMatch(/Max-Age=0/);
    expect((await client.session()).body.stage).toBe('signed-out');
  });

  test('of an account that was disabled open nothing', async () => {
    const { client } = await operator();
    await sql('UPDATE linkbroker.accounts SET disabled_at = now()');
    expect((await client.send('GET', '/tenants')).status).toBe(401);
    expect((await client.session()).body.stage).toBe('signed-out');
  });

  test('need their token for a change, and come with a cookie that no page can read', async () => {
    const { client } = await operator();
    client.csrf = 'guessed';
    expect((await client.send('DELETE', '/sessions')).status).toBe(403);
    expect((await client.session()).status).toBe(200);
    expect((await client.send('DELETE', '/sessions')).status).toBe(204);
    const elsewhere = { origin: 'https://evil.example' };
    expect((await client.send('POST', '/session/password', { login: 'a', password: 'b' }, elsewhere)).status).toBe(403);
    const fresh = await browser().signIn(LOGIN, PASSWORD);
    expect(fresh.headers['set-cookie']).toMatch(
      /^__Host-linkbroker_admin=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
    );
  });

  test('end with the password, but for the one that changed it', async () => {
    const { client, secret } = await operator();
    const other = browser();
    await other.signIn(LOGIN, PASSWORD);
    await other.send('POST', '/session/totp', { code: await totpCode(secret, clock.now()) });
    const next = noteSecret('password', 'a much better password');
    const wrong = await client.send('POST', '/account/password', { current: 'wrong', password: next });
    expect(wrong.status).toBe(401);
    expect((await client.send('POST', '/account/password', { current: PASSWORD, password: next })).status).toBe(204);
    expect((await other.session()).body.stage).toBe('signed-out');
    expect((await client.session()).body.stage).toBe('signed-in');
    expect((await browser().signIn(LOGIN, PASSWORD)).status).toBe(401);
    expect((await browser().signIn(LOGIN, next)).status).toBe(200);
  });

  test('are not ended by a Redis that is away', async () => {
    const { client } = await operator();
    const find = jest.spyOn(admin().needs.signIn.sessions, 'find');
    find.mockRejectedValue(new EphemeralUnavailable(new Error('connect ECONNREFUSED 10.0.0.1:6379')));
    const away = await client.send('GET', '/tenants');
    expect([away.status, away.headers['set-cookie']]).toEqual([503, undefined]);
    find.mockRestore();
    expect((await client.send('GET', '/tenants')).status).toBe(200);
  });
});

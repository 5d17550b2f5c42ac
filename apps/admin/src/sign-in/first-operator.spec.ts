import { FixedClock, noteSecret } from '@linkbroker/testing';
import { ADA, LOGIN, useAdmin } from '../../test/use-admin.js';
import { issueWelcomeLink } from './first-operator.js';

const clock = new FixedClock('2026-11-22T12:00:00Z');
const { admin, browser, sql, welcomeToken } = useAdmin(clock);
beforeEach(async () => {
  await sql('TRUNCATE linkbroker.accounts CASCADE');
  // A step of its own for each test: a code is good once.
  clock.advance({ hours: 1 });
});

const tokenOf = (link: string | undefined): string => noteSecret('welcome token', link?.split('#token=')[1] ?? '');

describe('the first operator', () => {
  test('comes by the link, sets up a second factor, and is let in', async () => {
    const client = browser();
    const link = await issueWelcomeLink(admin().needs.signIn);
    expect(link).toMatch(/^http:\/\/localhost:4100\/welcome#token=[\w-]{43}$/);
    const made = await client.send('POST', '/welcome', { token: tokenOf(link), ...ADA, login: LOGIN.toUpperCase() });
    expect([made.status, made.body]).toMatchObject([
      201,
      { stage: 'enrol', account: { login: LOGIN, operator: true } },
    ]);
    expect((await client.send('GET', '/tenants')).status).toBe(401);
    expect((await client.send('GET', '/sessions')).status).toBe(401);
    const before = client.cookie;
    await client.enrolTotp(clock.now());
    expect(client.cookie).not.toBe(before);
    expect((await client.session()).body).toMatchObject({ stage: 'signed-in', factors: { totp: true } });
    expect((await client.send('GET', '/tenants')).status).toBe(200);
    const old = browser();
    old.cookie = before;
    expect((await old.session()).body.stage).toBe('signed-out');
  });

  test.each([
    ['guesses the link', { token: 'A'.repeat(43) }, 401],
    ['has the login for a password', { login: 'correct@example.com', password: 'Correct@example.com' }, 400],
    ['has a short password', { password: 'elevenchars' }, 400],
    ['has no name', { displayName: ' ' }, 400],
    ['has a login that is no address', { login: 'ada' }, 400],
  ])('is not made by who %s', async (_, wrong, status) => {
    const token = await welcomeToken();
    expect((await browser().send('POST', '/welcome', { token, ...ADA, ...wrong })).status).toBe(status);
    expect(await issueWelcomeLink(admin().needs.signIn)).toBeDefined();
  });

  test('is not made by a link of an hour ago, one that was replaced, or one that was used', async () => {
    const [late, replaced] = [await welcomeToken(), await welcomeToken()];
    expect((await browser().send('POST', '/welcome', { token: late, ...ADA })).status).toBe(401);
    clock.advance({ hours: 1 });
    expect((await browser().send('POST', '/welcome', { token: replaced, ...ADA })).status).toBe(401);
    const token = await welcomeToken();
    expect((await browser().send('POST', '/welcome', { token, ...ADA })).status).toBe(201);
    expect((await browser().send('POST', '/welcome', { token, ...ADA, login: 'b@example.com' })).status).toBe(401);
    expect(await issueWelcomeLink(admin().needs.signIn)).toBeUndefined();
  });
});

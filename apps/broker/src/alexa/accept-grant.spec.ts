import { acceptGrantResponse } from '@linkbroker/alexa';
import { KeysStore } from '@linkbroker/persistence';
import { parseMasterKeys, Vault } from '@linkbroker/vault';
import { linked, post } from '../../test/alexa.js';
import { expectAccepted, expectRefused, startEventWorld, type EventWorld } from '../../test/event-world.js';
import { lwaError, LWA_CLIENT, type Lwa, type LwaFault } from '../../test/lwa.js';
import { ALEXA, type TestBroker } from '../../test/test-broker.js';

let world: EventWorld;
let broker: TestBroker;
let lwa: Lwa;
let token: string;

beforeAll(async () => {
  world = await startEventWorld();
  ({ broker, lwa } = world);
}, 60_000);
afterAll(() => world.close());
beforeEach(async () => {
  broker.clock.set(new Date());
  lwa.forms.length = 0;
  lwa.faults.length = 0;
  await broker.database.sql('DELETE FROM linkbroker.event_grants');
  token = await world.household();
});

interface Row {
  readonly id: string;
  readonly tenant_id: string;
  readonly state: string;
  readonly version: number;
  readonly sealed: Buffer | null;
  readonly access_expires_at: Date | null;
  readonly refresh_due_at: Date | null;
  readonly lease_until: Date | null;
  readonly attempt_outcome: string | null;
}
const rows = () => broker.database.sql<Row>('SELECT * FROM linkbroker.event_grants');

/** The tokens of a grant as they are stored. */
async function stored(): Promise<unknown> {
  const [row] = await rows();
  const vault = new Vault(
    parseMasterKeys(broker.env.MASTER_KEYS),
    new KeysStore((await broker.database.open('broker')).database),
  );
  const place = { tenantId: row!.tenant_id, row: row!.id, field: 'event_grants.sealed', version: row!.version };
  const opened = await vault.open(place as Parameters<Vault['open']>[0], row!.sealed!, performance.now() + 5_000);
  return JSON.parse(opened.toString());
}

describe('a grant', () => {
  test('is accepted once its tokens are stored, sealed', async () => {
    const answer = await world.accept(token);
    expectAccepted(answer);
    expect(Object.keys((answer.body['event'] as { header: object }).header)).not.toContain('correlationToken');
    expect(Object.fromEntries(lwa.forms[0]!)).toEqual({
      grant_type: 'authorization_code',
      code: expect.any(String) as string,
      client_id: LWA_CLIENT.clientId,
      client_secret: LWA_CLIENT.clientSecret,
    });
    const [accessToken, refreshToken] = lwa.given.slice(-2);
    expect(await stored()).toEqual({ accessToken, refreshToken });
    const [row] = await rows();
    expect(row).toMatchObject({ state: 'active', version: 1, lease_until: null, attempt_outcome: 'stored' });
    const now = broker.clock.now().getTime();
    expect(row!.access_expires_at!.getTime()).toBe(now + 3_600_000);
    expect(row!.refresh_due_at!.getTime()).toBeLessThanOrEqual(now + 3_000_000);
    expect(row!.refresh_due_at!.getTime()).toBeGreaterThanOrEqual(now + 2_700_000);
    expect(broker.log()).toContain('accept_grant.stored');
  });

  test('has its correlation token echoed', async () => {
    const { body } = await world.accept(token, undefined, 'corr-1');
    expect(acceptGrantResponse.parse(body).event.header.correlationToken).toBe('corr-1');
  });

  test('a second one of the same link takes the place of the first', async () => {
    await world.accept(token);
    const before = await stored();
    expectAccepted(await world.accept(token));
    expect(await stored()).not.toEqual(before);
    expect(await rows()).toMatchObject([{ version: 2, state: 'active' }]);
  });

  test('the same code again is answered as it was, without another exchange', async () => {
    const code = lwa.newCode();
    expectAccepted(await world.accept(token, code));
    expectAccepted(await world.accept(token, code));
    expect(lwa.forms).toHaveLength(1);
    broker.clock.advance({ minutes: 11 });
    expectRefused(await world.accept(token, code), /refused the code/);
    expect(await rows()).toMatchObject([{ version: 1, state: 'active' }]);
  });

  test('the same code ten times at once is exchanged once, and everybody hears that it was accepted', async () => {
    const code = lwa.newCode();
    const answers = await Promise.all(Array.from({ length: 10 }, () => world.accept(token, code)));
    answers.forEach(expectAccepted);
    expect(lwa.forms).toHaveLength(1);
  });
});

describe('Login with Amazon in trouble', () => {
  const instead =
    (status: number, body: string): LwaFault =>
    () => ({ status, body });

  test.each<[string, LwaFault, RegExp]>([
    ['refuses the code', () => lwaError(400, 'invalid_grant'), /refused the code/],
    ['refuses our client', () => lwaError(401, 'invalid_client'), /refused the client/],
    ['fails', instead(500, '{"error":"invalid_grant"}'), /did not answer as it should/],
    ['answers with a page', instead(200, '<html>Sign in</html>'), /did not answer as it should/],
    [
      'gives no refresh token',
      instead(200, '{"access_token":"a","token_type":"bearer","expires_in":3600}'),
      /no refresh/,
    ],
  ])('that %s is a failed acceptance, leaves nothing behind, and the next try works', async (_, fault, message) => {
    lwa.faults.push(fault);
    expectRefused(await world.accept(token), message);
    expect(await rows()).toEqual([]);
    expectAccepted(await world.accept(token));
  });

  test('that does not answer is told in time, keeps the tokens that were there, and the same code works after it', async () => {
    await world.accept(token);
    const before = await stored();
    lwa.faults.push(() => 'no answer');
    const code = lwa.newCode();
    const began = performance.now();
    expectRefused(await world.accept(token, code, 'corr-2'), /did not answer in time/);
    expect(performance.now() - began).toBeLessThan(4_000);
    expect(await stored()).toEqual(before);
    expect(await rows()).toMatchObject([
      { version: 1, state: 'active', lease_until: null, attempt_outcome: 'transient' },
    ]);
    expectAccepted(await world.accept(token, code));
    expect(await rows()).toMatchObject([{ version: 2, state: 'active' }]);
  });

  test('an answer that comes after a newer grant of the link does not overwrite it', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const slow = new Promise<void>((asked) => {
      lwa.faults.push(async (serve) => {
        asked();
        await held;
        return serve();
      });
    });
    const first = world.accept(token);
    await slow;
    expectAccepted(await world.accept(token));
    const newest = await stored();
    release();
    expectRefused(await first, /newer AcceptGrant/);
    expect(await stored()).toEqual(newest);
  });
});

describe('a grantee', () => {
  const refused = /no access token of this skill/;

  test('whose token is not ours, ended, or expired gets nothing exchanged', async () => {
    const ended = await linked(broker, ALEXA);
    await post(broker, '/oauth/revoke', {
      token: ended.refresh,
      client_id: ALEXA.clientId,
      client_secret: ALEXA.clientSecret,
    });
    for (const wrong of ['Atza|not-ours', ended.refresh, ended.access])
      expectRefused(await world.accept(wrong), refused);
    broker.clock.advance({ hours: 2 });
    expectRefused(await world.accept(token), refused);
    expect(lwa.forms).toEqual([]);
    expect(await rows()).toEqual([]);
  });

  test('of another skill is refused', async () => {
    const bounded = { clientId: 'alexa-bounded', clientSecret: 'bounded-secret' };
    const url = `${broker.url}/oauth/authorize?client_id=alexa-bounded&response_type=code&state=s&redirect_uri=${encodeURIComponent('https://layla.amazon.com/api/skill/link/M3KVOEXUO4ALBL')}`;
    const { access } = await linked(broker, bounded, url);
    expectRefused(await world.accept(access), refused);
  });
});

describe('the database', () => {
  afterEach(() => broker.database.sql('GRANT INSERT, UPDATE ON linkbroker.event_grants TO linkbroker_broker'));

  test('that cannot be written keeps the code from being spent', async () => {
    await broker.database.sql('REVOKE INSERT, UPDATE ON linkbroker.event_grants FROM linkbroker_broker');
    expectRefused(await world.accept(token), /could not look/);
    expect(lwa.forms).toEqual([]);
  });

  test('that cannot be written any more is told in time, and is an incident', async () => {
    lwa.faults.push(async (serve) => {
      await broker.database.sql('REVOKE UPDATE ON linkbroker.event_grants FROM linkbroker_broker');
      return serve();
    });
    const began = performance.now();
    expectRefused(await world.accept(token), /could not look/);
    expect(performance.now() - began).toBeLessThan(4_000);
    expect(broker.log()).toContain('incident.token_not_stored');
  });
});

test('no code, token or secret is in any log line or in the clear in the database', async () => {
  const code = lwa.newCode();
  await world.accept(token, code);
  lwa.faults.push(() => ({
    status: 400,
    body: JSON.stringify({ error: code, error_description: LWA_CLIENT.clientSecret }),
  }));
  await world.accept(token);
  const [row] = await broker.database.sql<{ row: string }>('SELECT e::text AS row FROM linkbroker.event_grants e');
  const [skill] = await broker.database.sql<{ row: string }>(
    `SELECT s::text AS row FROM linkbroker.skills s WHERE slug = 'lights'`,
  );
  const kept = broker.log() + row!.row + skill!.row;
  expect(kept).toContain('accept_grant.failed');
  for (const secret of [code, token, LWA_CLIENT.clientSecret, ...lwa.given]) {
    expect(kept).not.toContain(secret);
    expect(kept).not.toContain(Buffer.from(secret).toString('hex'));
  }
});

import { authorizeUrl, introspect, linked, revoke, type Client } from '../../../test/alexa.js';
import { skillEvent } from '../../../test/alexa-signer.js';
import { newUser, startSkillEventWorld, type Entry, type SkillEventWorld } from '../../../test/skill-event-world.js';
import { ALEXA } from '../../../test/test-broker.js';

const RIVAL = { clientId: 'alexa-rival', clientSecret: 'rival-secret' };
const BOUNDED = { clientId: 'alexa-bounded', clientSecret: 'bounded-secret' };
let world: SkillEventWorld;
let { signer, broker, post, tell, household, lives, entries, entryOf, told } = {} as SkillEventWorld;

beforeAll(async () => {
  world = await startSkillEventWorld();
  ({ signer, broker, post, tell, household, lives, entries, entryOf, told } = world);
}, 60_000);
afterAll(() => world.close());
beforeEach(() => broker.clock.set(new Date()));

const now = () => broker.clock.now();

/** A household of a skill that asks for no scope. */
const linkedWith = (client: Client) =>
  linked(broker, client, authorizeUrl(broker, { client_id: client.clientId, scope: undefined }));

describe('what cannot be looked up is 503', () => {
  test('the certificate', async () => {
    const { current } = signer;
    signer.current = { ...current, url: `${signer.origin}/echo.api/nothing.pem` };
    const answer = await tell('SkillEnabled');
    signer.current = current;
    expect([answer.status, answer.body['error'], answer.headers.get('retry-after')]).toEqual([
      503,
      'temporarily_unavailable',
      expect.stringMatching(/^\d+$/),
    ]);
    expect((await told('unreachable')).detail).toMatch(/answered 404/);
  });

  test.each(['cut', 'silent'] as const)('where certificates are (%s), in time', async (trouble) => {
    const { current } = signer;
    signer.current = await signer.certificate();
    signer.trouble = trouble;
    const began = performance.now();
    const answer = await tell('SkillEnabled');
    expect(performance.now() - began).toBeLessThan(3_500);
    signer.trouble = null;
    expect([answer.status, answer.body['error']]).toEqual([503, 'temporarily_unavailable']);
    broker.clock.advance({ seconds: 11 });
    expect((await tell('SkillEnabled')).status).toBe(200);
    signer.current = current;
  });

  test('the database, and the same event works once it is back', async () => {
    const { userId, ...pair } = await household();
    broker.clock.advance({ minutes: 1 });
    const body = skillEvent('SkillDisabled', now(), { userId });
    const gone = 'linkbroker.disable_alexa_user(uuid, uuid, text, bytea, timestamptz, timestamptz)';
    await broker.database.sql(`ALTER FUNCTION ${gone} RENAME TO disable_away`);
    const away = await post(body);
    await broker.database.sql(
      `ALTER FUNCTION ${gone.replace('disable_alexa_user', 'disable_away')} RENAME TO disable_alexa_user`,
    );
    expect([away.status, away.headers.has('retry-after')]).toEqual([503, true]);
    expect(await lives(pair)).toBe(true);
    expect((await post(body)).status).toBe(200);
    expect(await lives(pair)).toBe(false);
  });
});

describe('an event of Alexa’s', () => {
  test('that a household has disabled the skill ends its link, once, and tells why', async () => {
    const { userId, access, ...pair } = await household();
    broker.clock.advance({ minutes: 1 });
    const body = skillEvent('SkillDisabled', now(), { userId });
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(body)));
    expect(answers.map(({ status, body: empty }) => [status, empty])).toEqual(Array(5).fill([200, {}]));
    expect(await lives(pair)).toBe(false);
    expect((await introspect(broker, ALEXA, access)).body['active']).toBe(false);
    const ended = await told('ended', 'skill_event.received');
    expect(ended).toMatchObject({ detail: 'SkillDisabled', tenant: 'acme', link_id: expect.any(String) as string });
    expect(ended.alexa_user).toMatch(/^[\w-]{22}$/);
    await told('repeated', 'skill_event.received');
    const revoked = (await entries()).filter(
      ({ name, link_id, detail }) =>
        name === 'grant.revoked' && link_id === ended.link_id && detail === 'skill disabled',
    );
    expect(revoked.length).toBeGreaterThanOrEqual(1);
  });

  test('that is older than the grant keeps it', async () => {
    const disabledAt = now();
    broker.clock.advance({ minutes: 10 });
    const { userId, ...pair } = await household();
    const answer = await tell('SkillDisabled', { userId, eventCreationTime: disabledAt });
    expect(answer.status).toBe(200);
    expect(await lives(pair)).toBe(true);
    await told('kept', 'skill_event.received');
  });

  test('that comes before the one that says whose the link is ends that link then, and not the one after it', async () => {
    const userId = newUser();
    const first = await linked(broker, ALEXA);
    const linkedAt = now();
    broker.clock.advance({ minutes: 1 });
    await tell('SkillDisabled', { userId });
    await told('unknown_user', 'skill_event.received');
    expect(await lives(first)).toBe(true);
    broker.clock.advance({ minutes: 1 });
    const second = await household(userId);
    const late = { userId, accessToken: first.access, eventCreationTime: linkedAt, requestId: 'late-one' };
    expect((await tell('SkillAccountLinked', late)).status).toBe(200);
    expect([await lives(first), await lives(second)]).toEqual([false, true]);
    expect((await tell('SkillAccountLinked', late)).status).toBe(200);
  });

  test('about another household or another skill’s user of the same name touches nobody', async () => {
    const userId = newUser();
    const mine = await household(userId);
    const other = await household();
    broker.clock.advance({ minutes: 1 });
    expect((await tell('SkillDisabled', { userId }, RIVAL.clientId)).status).toBe(200);
    expect((await tell('SkillDisabled', { userId: newUser() })).status).toBe(200);
    expect([await lives(mine), await lives(other)]).toEqual([true, true]);
  });

  test.each([
    ['another tenant’s', async () => (await linkedWith(RIVAL)).access],
    ['another skill’s', async () => (await linkedWith(BOUNDED)).access],
    ['forged', () => Promise.resolve('EAAB-no-token-of-ours')],
    [
      'a dead',
      async () => {
        const pair = await linked(broker, ALEXA);
        await revoke(broker, ALEXA, pair.refresh);
        return pair.access;
      },
    ],
  ])('that links with %s token is refused, told, and ties nothing', async (_, token) => {
    const userId = newUser();
    const accessToken = await token();
    const ties = () => broker.database.sql('SELECT grant_id FROM linkbroker.alexa_users ORDER BY 1');
    const before = await ties();
    const answer = await tell('SkillAccountLinked', { userId, accessToken });
    expect([answer.status, answer.body['error_description']]).toEqual([400, expect.stringMatching(/access token/)]);
    await told('token');
    expect(await ties()).toEqual(before);
  });

  test('whose token has expired meanwhile still says whose the link is', async () => {
    const pair = await linked(broker, ALEXA);
    const [userId, linkedAt] = [newUser(), now()];
    broker.clock.advance({ minutes: 70 });
    const change = { userId, accessToken: pair.access, eventCreationTime: linkedAt };
    expect((await tell('SkillAccountLinked', change)).status).toBe(200);
    expect((await tell('SkillDisabled', { userId })).status).toBe(200);
    expect(await lives(pair)).toBe(false);
  });

  test.each(['SkillEnabled', 'SkillPermissionChanged', 'ProactiveSubscriptionChanged', 'SomethingNew'])(
    '%s is noted on the timeline of the link',
    async (name) => {
      const { userId, ...pair } = await household();
      expect((await tell(name, { userId })).status).toBe(200);
      const isNoted = ({ detail, outcome, link_id }: Entry) =>
        detail === name && outcome === 'noted' && link_id !== null;
      await entryOf(name, isNoted);
      expect(await lives(pair)).toBe(true);
      expect((await tell(name, { userId: null })).status).toBe(200);
    },
  );

  test('leaves neither Alexa’s id of the user nor a token anywhere', async () => {
    const { userId, access } = await household();
    await tell('SkillPermissionAccepted', { userId });
    const stored = await broker.database.sql<{ row: string }>(
      `SELECT e::text AS row FROM linkbroker_timeline.entries e UNION ALL SELECT u::text FROM linkbroker.alexa_users u
       UNION ALL SELECT s::text FROM linkbroker.skill_events s UNION ALL SELECT d::text FROM linkbroker.skill_disablements d`,
    );
    const all = stored.map(({ row }) => row).join('\n') + broker.log();
    for (const secret of [userId, access]) expect(all).not.toContain(secret);
  });
});

test('a broker says at its start that it trusts others than Amazon', () => {
  expect(broker.log()).toContain('SKILL_EVENT_CERT_ORIGIN');
  expect(broker.log()).toContain('SKILL_EVENT_CA');
});

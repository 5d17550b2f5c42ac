import { refreshDueTokens } from '@linkbroker/linking';
import { exchange, introspect } from '../test/alexa.js';
import { hashOf, OLD, OLD_BACKEND, useImportWorld } from '../test/import-world.js';
import { untilSeen } from '../test/until-seen.js';

const { world, sql, later, again, household, imported } = useImportWorld();

/** Staged sets that no line needs. */
const FORGOTTEN = `SELECT id FROM linkbroker.upstream_token_sets u
  WHERE u.staged AND NOT EXISTS (SELECT 1 FROM linkbroker.imported_links l WHERE l.token_set_id = u.id)`;

describe('before a line is proved', () => {
  test('its token is asked to come again, and never refused', async () => {
    const { token, line } = household();
    const id = await world().begin({ start: false });
    await world().add(id, [line]);
    await untilSeen(world().broker, OLD.clientId, ({ foreignTokens }) => foreignTokens === true);
    const early = await again(token);
    expect([early.status, early.headers.get('retry-after')]).toEqual([503, '2']);
    expect((await introspect(world().broker, OLD, token)).status).toBe(503);
    await world().work();
    expect((await again(token)).status).toBe(503);
    expect(await world().progress(id)).toMatchObject({ pending: 1, startedAt: null });
  });

  test('its set is no link, is counted nowhere, and outlives every sweep', async () => {
    const { line } = household();
    const id = await world().begin();
    world().provider.userinfoStatus = 503;
    await world().add(id, [line]);
    await world().work();
    expect(
      await sql(
        `SELECT 1 FROM linkbroker.links l JOIN linkbroker.upstream_token_sets u ON u.id = l.token_set_id WHERE u.staged`,
      ),
    ).toEqual([]);
    expect(await world().progress(id)).toMatchObject({ pending: 1, held: 1 });
    world().provider.userinfoStatus = undefined;
    later(60);
    await world().work();
    expect(await world().progress(id)).toMatchObject({ pending: 0, adopted: 1 });
  });
});

describe('a line that cannot be proved', () => {
  test('of another subject than it names is refused, and its token with it', async () => {
    const { token, line } = household();
    const id = await imported({ ...line, subject: 'somebody else' });
    expect(await world().progress(id)).toMatchObject({ adopted: 0, refused: 1 });
    const [refused] = await world().imports.troubled(world().target.tenantId, id, 'refused', undefined, 10);
    expect(refused).toMatchObject({ line: 1, reason: expect.stringContaining('another subject') as string });
    expect((await again(token)).body['error']).toBe('invalid_grant');
    expect(await sql(FORGOTTEN)).toEqual([]);
  });

  test('is refused once the provider has refused its token twice, without a burst that parks the connector', async () => {
    const dead = Array.from({ length: 25 }, () => household());
    for (const { chain } of dead) world().provider.end(chain.refreshToken);
    const living = household();
    const id = await imported(...dead.map(({ line }) => line), living.line);
    expect(await world().progress(id)).toMatchObject({ pending: 25, held: 25, adopted: 1 });
    expect((await again(dead[0]!.token)).status).toBe(503);
    later(90);
    const more = household();
    await world().add(id, [more.line]);
    await world().work();
    later(360);
    await world().work();
    expect(await world().progress(id)).toMatchObject({ pending: 0, refused: 25, adopted: 2 });
    expect((await again(dead[0]!.token)).body['error']).toBe('invalid_grant');
    expect(await sql(`SELECT 1 FROM linkbroker.connectors WHERE parked_until IS NOT NULL`)).toEqual([]);
  });

  test('may be brought again when it is right', async () => {
    const { token, line } = household();
    await imported({ ...line, subject: 'wrong' });
    const fresh = world().provider.newChain(String(line['subject']));
    const id = await imported({ ...line, upstream: { refreshToken: fresh.refreshToken } });
    expect(await world().progress(id)).toMatchObject({ adopted: 1 });
    expect((await again(token)).status).toBe(200);
  });
});

describe('a file that is brought again', () => {
  test('changes nothing of what is there, and says so', async () => {
    const { token, line } = household();
    const id = await imported(line);
    expect(await world().add(id, [line])).toEqual([{ line: 1, outcome: 'known' }]);
    await world().work();
    expect(await world().progress(id)).toMatchObject({ pending: 0, adopted: 1 });
    expect((await again(token)).status).toBe(200);
    expect(world().provider.counts.reuses).toBe(0);
  });

  test('with a newer token of a household adds it, without presenting a spent one upstream', async () => {
    const { token, line } = household();
    await imported(line);
    const newer = world().oldToken();
    const id = await imported({ ...line, refreshTokens: [hashOf(token), hashOf(newer)] });
    expect(await world().progress(id)).toMatchObject({ adopted: 1, refused: 0 });
    expect((await again(newer)).status).toBe(200);
    expect(world().provider.counts.reuses).toBe(0);
    expect(await sql('SELECT 1 FROM linkbroker.links WHERE subject = $1', [line['subject']])).toHaveLength(1);
  });

  test('dry, tells what would become of it and writes nothing', async () => {
    const [there, fresh, twice] = [household(), household(), household()];
    const id = await imported(there.line);
    const before = await sql('SELECT count(*)::int AS n FROM linkbroker.imported_links');
    const lines = [
      there.line,
      fresh.line,
      { ...twice.line, refreshTokens: fresh.line['refreshTokens'] },
      { subject: 'x' },
      'no object',
      { ...twice.line, scopes: ['nothing'] },
      { ...there.line, subject: 'another' },
    ];
    expect(await world().add(id, lines, true)).toEqual([
      { line: 1, outcome: 'known' },
      { line: 2, outcome: 'staged' },
      { line: 3, outcome: 'refused', reason: 'a refresh token of it stands in line 2 already' },
      { line: 4, outcome: 'refused', reason: expect.stringContaining('upstream') as string },
      { line: 5, outcome: 'refused', reason: expect.stringContaining('the line') as string },
      { line: 6, outcome: 'refused', reason: 'scopes: the skill has no scope nothing' },
      { line: 7, outcome: 'refused', reason: 'a refresh token of it stands in line 1 already' },
    ]);
    expect(await sql('SELECT count(*)::int AS n FROM linkbroker.imported_links')).toEqual(before);
    expect(await world().add(id, [{ ...there.line, subject: 'another' }], true)).toEqual([
      { line: 1, outcome: 'refused', reason: 'a refresh token of it was imported for another subject' },
    ]);
  });
});

describe('two households of one sign-in', () => {
  test('share it: a token for one use is presented once', async () => {
    const one = household();
    const second = world().oldToken();
    const refreshes = world().provider.counts.refreshes;
    const id = await imported(one.line, { ...one.line, refreshTokens: [hashOf(second)] });
    expect(await world().progress(id)).toMatchObject({ adopted: 2 });
    expect(world().provider.counts.refreshes).toBe(refreshes + 1);
    expect([(await again(one.token)).status, (await again(second)).status]).toEqual([200, 200]);
  });

  test('with chains of their own keep the one that works already', async () => {
    const one = household();
    await imported(one.line);
    const second = world().oldToken();
    const chain = world().provider.newChain(one.subject);
    const id = await imported({
      ...one.line,
      upstream: { refreshToken: chain.refreshToken },
      refreshTokens: [hashOf(second)],
    });
    expect(await world().progress(id)).toMatchObject({ adopted: 1 });
    const sets = await sql('SELECT 1 FROM linkbroker.upstream_token_sets WHERE subject = $1', [one.subject]);
    expect(sets).toHaveLength(1);
    expect(await sql(FORGOTTEN)).toEqual([]);
  });

  test('with a set that had died get the one that was proved', async () => {
    const one = household();
    await imported(one.line);
    await sql(`UPDATE linkbroker.upstream_token_sets SET state = 'at_risk' WHERE subject = $1`, [one.subject]);
    const chain = world().provider.newChain(one.subject);
    const second = world().oldToken();
    await imported({ ...one.line, upstream: { refreshToken: chain.refreshToken }, refreshTokens: [hashOf(second)] });
    const { body } = await again(one.token);
    expect((await exchange(world().broker, OLD_BACKEND, String(body['access_token']))).status).toBe(200);
    expect(await sql('SELECT state FROM linkbroker.upstream_token_sets WHERE subject = $1', [one.subject])).toEqual([
      { state: 'active' },
    ]);
  });
});

test('what is given up leaves nothing behind but what was adopted', async () => {
  const [one, two] = [household(), household()];
  const id = await imported(one.line);
  world().provider.userinfoStatus = 503;
  await world().add(id, [two.line]);
  await refreshDueTokens(world().broker.worker);
  const audit = (diff: number) => ({
    ...{ at: world().broker.clock.now(), actor: { kind: 'command', id: null, label: 'test' } as const },
    ...{ action: 'import.cancel', subject: id, diff: { diff }, address: null },
  });
  expect(await world().imports.cancel(world().target.tenantId, id, world().broker.clock.now(), audit)).toBe(1);
  world().provider.userinfoStatus = undefined;
  expect(await sql(FORGOTTEN)).toEqual([]);
  expect((await again(two.token)).body['error']).toBe('invalid_grant');
  expect((await again(one.token)).status).toBe(200);
  expect(await world().add(id, [two.line])).toBeUndefined();
});

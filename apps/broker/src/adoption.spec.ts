import { exchange, introspect, revoke } from '../test/alexa.js';
import { hashOf, OLD, OLD_BACKEND, OTHER, RIVAL, useImportWorld } from '../test/import-world.js';

const { world, sql, later, again, household, imported } = useImportWorld();

test('until a skill has imported links, a token that is not ours costs nothing and is refused', async () => {
  const answer = await again(world().oldToken());
  expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_grant']);
});

describe('a household that linked at the server before', () => {
  test('goes on with its old refresh token, and then with ours', async () => {
    const { token, line } = household();
    const id = await imported(line);
    expect(await world().progress(id)).toMatchObject({ pending: 0, adopted: 1, refused: 0, used: 0 });
    const first = await again(token);
    expect(first.status).toBe(200);
    const next = await again(String(first.body['refresh_token']));
    expect(next.status).toBe(200);
    expect(next.body['refresh_token']).not.toBe(first.body['refresh_token']);
    expect(await world().progress(id)).toMatchObject({ used: 1 });
    const released = await exchange(world().broker, OLD_BACKEND, String(next.body['access_token']));
    expect(released.status).toBe(200);
    expect(world().provider.counts.reuses).toBe(0);
  });

  test('gets the same successor for a lost answer, and for two requests at once', async () => {
    const { token, line } = household();
    await imported(line);
    const [one, two] = await Promise.all([again(token), again(token)]);
    const three = await again(token);
    expect([one.status, two.status, three.status]).toEqual([200, 200, 200]);
    const successors = [one, two, three].map(({ body }) => body['refresh_token']);
    expect(new Set(successors).size).toBe(1);
    const grants = await sql(
      'SELECT 1 FROM linkbroker.grants g JOIN linkbroker.foreign_tokens f ON f.grant_id = g.id WHERE f.token_hash = $1',
      [Buffer.from(hashOf(token), 'hex')],
    );
    expect(grants).toHaveLength(1);
  });

  test('is nobody else’s: neither another skill’s client nor another tenant’s gets anything for its token', async () => {
    const [{ token, line }, stranger] = [household(), household()];
    await imported(line, stranger.line);
    for (const client of [OTHER, RIVAL]) {
      const answer = await again(token, client);
      expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_grant']);
      expect((await introspect(world().broker, client, token)).body).toEqual({ active: false });
      expect((await revoke(world().broker, client, token)).status).toBe(200);
    }
    expect((await again(token)).status).toBe(200);
  });

  test('holds several tokens that do not touch each other', async () => {
    const [{ line, token }, second] = [household(), world().oldToken()];
    await imported({
      ...line,
      refreshTokens: [hashOf(token), Buffer.from(hashOf(second), 'hex').toString('base64url')],
    });
    expect((await revoke(world().broker, OLD, token)).status).toBe(200);
    expect((await again(token)).body['error']).toBe('invalid_grant');
    expect((await again(second)).status).toBe(200);
  });

  test('is proved by a living access token without spending its refresh token', async () => {
    const { chain, line } = household();
    const accessTokenExpiresAt = new Date(world().broker.clock.now().getTime() + 3_600_000).toISOString();
    const before = world().provider.counts.refreshes;
    const id = await imported({ ...line, upstream: { ...chain, accessTokenExpiresAt } });
    expect(await world().progress(id)).toMatchObject({ adopted: 1 });
    expect(world().provider.counts.refreshes).toBe(before);
  });

  test('is renewed first where the provider does not take the access token', async () => {
    const { chain, line } = household();
    const accessTokenExpiresAt = new Date(world().broker.clock.now().getTime() + 3_600_000).toISOString();
    const upstream = { refreshToken: chain.refreshToken, accessToken: 'spoilt', accessTokenExpiresAt };
    expect(await world().progress(await imported({ ...line, upstream }))).toMatchObject({ adopted: 1 });
  });
});

describe('after the tenant’s date', () => {
  test('the old token is refused alone: what came of it lives', async () => {
    const [first, second] = [household(), household()];
    const keepUntil = new Date(world().broker.clock.now().getTime() + 86_400_000);
    const id = await world().begin({ keepUntil });
    await world().add(id, [first.line, second.line]);
    await world().work();
    const { body } = await again(first.token);
    later(86_401);
    expect((await again(first.token)).body['error']).toBe('invalid_grant');
    expect((await again(second.token)).body['error']).toBe('invalid_grant');
    expect((await again(String(body['refresh_token']))).status).toBe(200);
  });
});

describe('an access token of the server before', () => {
  const withAccess = async (seconds = 600) => {
    const [one, access] = [household(), world().oldToken()];
    const expiresAt = new Date(world().broker.clock.now().getTime() + seconds * 1_000).toISOString();
    await imported({ ...one.line, accessTokens: [{ sha256: hashOf(access), expiresAt }] });
    return { ...one, access };
  };

  test('is good for introspection and token exchange until its end', async () => {
    const { access } = await withAccess();
    expect((await introspect(world().broker, OLD_BACKEND, access)).body).toMatchObject({
      active: true,
      token_type: 'Bearer',
    });
    expect((await exchange(world().broker, OLD_BACKEND, access)).status).toBe(200);
    later(601);
    expect((await introspect(world().broker, OLD_BACKEND, access)).body).toEqual({ active: false });
    expect((await exchange(world().broker, OLD_BACKEND, access)).body['error']).toBe('invalid_grant');
  });

  test('ends by itself when it is revoked, and with its refresh token', async () => {
    const [one, two] = [await withAccess(), await withAccess()];
    await revoke(world().broker, OLD_BACKEND, one.access);
    expect((await introspect(world().broker, OLD_BACKEND, one.access)).body).toEqual({ active: false });
    expect((await again(one.token)).status).toBe(200);
    await revoke(world().broker, OLD_BACKEND, two.token);
    expect((await introspect(world().broker, OLD_BACKEND, two.access)).body).toEqual({ active: false });
    expect((await again(two.token)).body['error']).toBe('invalid_grant');
  });
});

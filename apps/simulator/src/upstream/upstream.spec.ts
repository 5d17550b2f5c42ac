import * as oauth from 'oauth4webapi';
import { basic, client, insecure, UpstreamRelyingParty } from '../../test/upstream-relying-party.js';
import { startWorld, upstreamClient, type World } from '../../test/world.js';

let world: World;
let party: UpstreamRelyingParty;

beforeAll(async () => {
  // Client libraries check times against the real clock.
  world = await startWorld({}, { now: Date.now });
  party = await UpstreamRelyingParty.discover(world);
});

afterAll(() => world.close());

it('gives an id_token with nonce and profile, verified against the jwks', async () => {
  const { begun, arrived } = await party.arrive('alice');
  expect(arrived.searchParams.get('iss')).toBe(party.server.issuer);
  const answer = await party.exchange(begun, arrived);
  const tokens = await party.read(begun, answer);
  await oauth.validateApplicationLevelSignature(party.server, answer, insecure);
  const claims = oauth.getValidatedIdTokenClaims(tokens);
  expect(claims).toMatchObject({ sub: 'acme-alice', name: 'Alice Lindqvist', email: 'alice@acme-home.example' });
  const told = await party.userInfo(tokens.access_token);
  const info = await oauth.processUserInfoResponse(party.server, client, 'acme-alice', told);
  expect(info).toMatchObject({ sub: 'acme-alice', preferred_username: 'alice' });
});

it('takes body credentials as well as Basic', async () => {
  const { begun, arrived } = await party.arrive('bob');
  const post = oauth.ClientSecretPost(upstreamClient.clientSecret);
  const tokens = await party.read(begun, await party.exchange(begun, arrived, post));
  expect(tokens.access_token).toMatch(/^acme_at_/);
});

it('refuses a wrong verifier', async () => {
  const { begun, arrived } = await party.arrive('alice');
  const answer = await party.exchange(begun, arrived, basic, oauth.generateRandomCodeVerifier());
  await expect(party.read(begun, answer)).rejects.toMatchObject({ error: 'invalid_grant' });
});

it('refuses a missing verifier', async () => {
  const { arrived } = await party.arrive('alice');
  const form = { grant_type: 'authorization_code', code: arrived.searchParams.get('code') ?? '' };
  const { clientId, clientSecret } = upstreamClient;
  const body = new URLSearchParams({
    ...form,
    redirect_uri: party.callback,
    client_id: clientId,
    client_secret: clientSecret,
  });
  const answer = await fetch(party.server.token_endpoint ?? '', { method: 'POST', body });
  expect(await answer.json()).toMatchObject({ error: 'invalid_grant' });
});

it('refuses a code for the second time', async () => {
  const { begun, arrived } = await party.arrive('alice');
  expect((await party.exchange(begun, arrived)).status).toBe(200);
  expect((await party.exchange(begun, arrived)).status).toBe(400);
});

it('refuses a wrong client secret', async () => {
  const { begun, arrived } = await party.arrive('alice');
  const answer = await party.exchange(begun, arrived, oauth.ClientSecretBasic('not the secret'));
  expect(answer.status).toBe(401);
  expect(await answer.json()).toMatchObject({ error: 'invalid_client' });
});

describe('refresh tokens', () => {
  it('come only with offline_access', async () => {
    const { tokens } = await party.logIn('alice', { scope: 'openid' });
    expect(tokens.refresh_token).toBeUndefined();
  });

  it('rotate, and one that is used twice ends its family', async () => {
    const { tokens } = await party.logIn('alice');
    const first = tokens.refresh_token ?? '';
    const refreshed = await oauth.processRefreshTokenResponse(party.server, client, await party.refresh(first));
    expect(refreshed.refresh_token).not.toBe(first);
    expect((await party.userInfo(refreshed.access_token)).status).toBe(200);
    expect((await party.refresh(first)).status).toBe(400);
    expect((await party.refresh(refreshed.refresh_token ?? '')).status).toBe(400);
    expect((await party.userInfo(refreshed.access_token)).status).toBe(401);
  });

  it('end with a revocation', async () => {
    const { tokens } = await party.logIn('bob');
    const token = tokens.refresh_token ?? '';
    const answer = await oauth.revocationRequest(party.server, client, basic, token, insecure);
    await oauth.processRevocationResponse(answer);
    expect(await (await party.refresh(token)).json()).toMatchObject({ error: 'invalid_grant' });
  });

  it('are not spent by a request for a scope that was never granted', async () => {
    const { tokens } = await party.logIn('bob', { scope: 'openid offline_access' });
    const token = tokens.refresh_token ?? '';
    const more = { ...insecure, additionalParameters: { scope: 'openid email' } };
    const refused = await oauth.refreshTokenGrantRequest(party.server, client, basic, token, more);
    expect(await refused.json()).toMatchObject({ error: 'invalid_scope' });
    expect((await party.refresh(token)).status).toBe(200);
  });
});

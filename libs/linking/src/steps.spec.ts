import { asTenantId, type RegisteredClient, type TraceEvent } from '@linkbroker/contracts';
import { OAuthError, parseParameters } from '@linkbroker/protocol';
import {
  answerTokenRequest,
  authenticateClient,
  readCallbackError,
  readUpstreamState,
  replaces,
  TenantTurns,
  type ClientAuthenticationNeeds,
  type TokenEndpointNeeds,
} from './index.js';

const client = (secretId: string): RegisteredClient => ({
  clientId: 'alexa',
  kind: 'alexa',
  secrets: [{ id: secretId, hash: secretId }],
  skill: {
    id: '22222222-2222-4222-8222-222222222222',
    tenantId: asTenantId('11111111-1111-4111-8111-111111111111'),
    tenantSlug: 't',
    tenantName: 'T',
    slug: 's',
    name: 'S',
    clientId: 'alexa',
    redirectUris: [],
    grantTypes: ['authorization_code'],
    scopes: [],
    pkce: 'optional',
    accessTokenTtl: 3600,
    refreshKeep: null,
    tokenMode: 'own',
    branding: {},
    connectors: [],
  },
});

/** Secrets here equal the id of the stored one. */
function authentication(cached: RegisteredClient | undefined, fresh = cached, retired: readonly string[] = []) {
  const ages: number[] = [];
  const seen: string[] = [];
  const told: TraceEvent[] = [];
  const needs: ClientAuthenticationNeeds = {
    clients: {
      find: (_id, maxAge) => {
        ages.push(maxAge);
        return Promise.resolve(maxAge > 0 ? cached : fresh);
      },
    },
    secrets: { verify: (secret, stored) => Promise.resolve(stored.find(({ hash }) => hash === secret)?.id) },
    seeSecret: (id) => seen.push(id),
    trace: (event) => told.push(event),
    findRetiredSecrets: () => Promise.resolve(retired.map((hash) => ({ id: hash, hash }))),
  };
  return { needs, ages, seen, told };
}

const body = (secret: string) => parseParameters(`client_id=alexa&client_secret=${secret}`);

describe('authenticating a client', () => {
  test('asks the cache first and notes which secret was used', async () => {
    const { needs, ages, seen } = authentication(client('one'));
    expect((await authenticateClient(needs, { authorization: undefined, body: body('one') }, 0)).clientId).toBe(
      'alexa',
    );
    expect([ages, seen]).toEqual([[5_000], ['one']]);
  });

  test('refuses nobody from a cached copy', async () => {
    const { needs, ages } = authentication(client('old'), client('new'));
    await authenticateClient(needs, { authorization: undefined, body: body('new') }, 0);
    expect(ages).toEqual([5_000, 0]);
    await expect(authenticateClient(needs, { authorization: undefined, body: body('bad') }, 0)).rejects.toMatchObject({
      code: 'invalid_client',
    });
  });

  test.each([
    ['guess', 'wrong_secret'],
    ['yesterday', 'old_secret'],
    ['', 'no_secret'],
  ])('tells the tenant about the secret "%s"', async (secret, outcome) => {
    const { needs, told } = authentication(client('today'), client('today'), ['yesterday']);
    const presented = { authorization: `Basic ${Buffer.from(`alexa:${secret}`).toString('base64')}`, body: new Map() };
    await expect(authenticateClient(needs, presented, 0)).rejects.toMatchObject({ code: 'invalid_client' });
    expect(told).toEqual([expect.objectContaining({ name: 'client.refused', outcome })]);
    if (secret !== '') expect(JSON.stringify(told)).not.toContain(secret);
  });

  test('tells nobody about a client that does not exist, and refuses when old secrets cannot be read', async () => {
    const unknown = authentication(undefined);
    const presented = { authorization: undefined, body: body('x') };
    await expect(authenticateClient(unknown.needs, presented, 0)).rejects.toMatchObject({ code: 'invalid_client' });
    expect(unknown.told).toEqual([]);
    const { needs, told } = authentication(client('today'));
    const broken = { ...needs, findRetiredSecrets: () => Promise.reject(new Error('away')) };
    await expect(authenticateClient(broken, presented, 0)).rejects.toMatchObject({ code: 'invalid_client' });
    expect(told).toMatchObject([{ outcome: 'wrong_secret' }]);
  });
});

describe('the token endpoint', () => {
  const failing = (error: Error): TokenEndpointNeeds => ({
    ...authentication(client('one')).needs,
    now: () => new Date(),
    turns: new TenantTurns(1),
    randomBytes: (size) => Buffer.alloc(size),
    trace: () => undefined,
    keys: { lookup: () => undefined, signingKeyId: () => 1 },
    publicUrl: 'https://link.example',
    codes: { redeem: () => Promise.reject(error), findCode: () => Promise.reject(error) },
    grants: {
      refresh: () => Promise.reject(error),
      find: () => Promise.reject(error),
      existsAnywhere: () => Promise.reject(error),
    },
    fingerprint: () => Buffer.alloc(32),
    noteUse: () => undefined,
    seal: () => Promise.reject(error),
    open: () => Promise.reject(error),
    grantedTokens: {
      find: () => Promise.reject(error),
      findHandedOut: () => Promise.reject(error),
      handOut: () => Promise.reject(error),
    },
    foreignTokens: { find: () => Promise.reject(error), claimGrant: () => Promise.reject(error) },
    tokenSets: { find: () => Promise.reject(error) },
    refreshUpstream: () => Promise.reject(error),
    egress: { send: () => Promise.reject(error) },
    relayedTokens: {
      claim: () => Promise.reject(error),
      find: () => Promise.reject(error),
      answer: () => Promise.reject(error),
      release: () => Promise.reject(error),
    },
  });
  const ask = (needs: TokenEndpointNeeds, form: string) =>
    answerTokenRequest(needs, { authorization: undefined, body: `client_id=alexa&client_secret=one&${form}` }, 0);

  test('tells every failure to look as 503, with what it was about', async () => {
    const needs = failing(new TypeError('a bug of ours'));
    const { answer, outcome, facts, grantType } = await ask(needs, `grant_type=authorization_code&code=x`);
    expect(answer).toMatchObject({ code: 'temporarily_unavailable', status: 503 });
    expect([outcome, grantType, facts.clientKind]).toEqual(['unavailable', 'authorization_code', 'alexa']);
  });

  test('does not ask the database about a forged refresh token', async () => {
    const { answer, outcome } = await ask(failing(new Error('asked')), 'grant_type=refresh_token&refresh_token=forged');
    expect(answer).toMatchObject({ code: 'invalid_grant' });
    expect(outcome).toBe('refused');
  });

  test('tells an unknown key as 503 and leaves an incident', async () => {
    const traced: TraceEvent[] = [];
    const needs = { ...failing(new Error('asked')), trace: (event: TraceEvent) => traced.push(event) };
    const token = Buffer.concat([Buffer.from([0x11, 9]), Buffer.alloc(52)]).toString('base64url');
    const { answer } = await ask(needs, `grant_type=refresh_token&refresh_token=${token}`);
    expect(answer).toBeInstanceOf(OAuthError);
    expect((answer as OAuthError).status).toBe(503);
    expect(traced.map(({ name }) => name)).toEqual(['incident.unknown_mac_key']);
  });
});

test.each([
  [
    'the first set ever without a refresh token',
    { refreshToken: null, scopes: [] },
    { hasRefreshToken: false, scopes: ['a'] },
    true,
  ],
  ['a full set over one without', { refreshToken: 'r', scopes: [] }, { hasRefreshToken: false, scopes: ['a'] }, true],
  [
    'a full set with all old scopes',
    { refreshToken: 'r', scopes: ['b', 'a'] },
    { hasRefreshToken: true, scopes: ['a'] },
    true,
  ],
  [
    'a full set with fewer scopes',
    { refreshToken: 'r', scopes: ['b'] },
    { hasRefreshToken: true, scopes: ['a', 'b'] },
    false,
  ],
  [
    'a set without a refresh token over a full one',
    { refreshToken: null, scopes: ['a'] },
    { hasRefreshToken: true, scopes: ['a'] },
    false,
  ],
])('re-linking with %s replaces: %#', (_name, fresh, known, expected) => {
  expect(replaces(fresh, known)).toBe(expected);
});

test.each([
  ['server_error', 'unavailable'],
  ['temporarily_unavailable', 'unavailable'],
  ['invalid_scope', 'misconfigured'],
  ['login_required', 'rejected'],
  ['<script>alert(1)</script>', 'rejected'],
])('a callback error %s means %s', (error, expected) => {
  const read = readCallbackError(error);
  expect(read.failure).toBe(expected);
  expect(read.message).not.toContain('<');
});

test.each([
  undefined,
  '',
  'x',
  `${'a'.repeat(22)}.${'b'.repeat(31)}`,
  `${'a'.repeat(22)}.${'b'.repeat(33)}`,
  `${'a'.repeat(22)}-${'b'.repeat(32)}`,
])('an upstream state %p is not ours', (state) => {
  expect(readUpstreamState(state)).toBeUndefined();
});

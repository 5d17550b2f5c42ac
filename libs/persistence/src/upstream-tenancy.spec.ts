import { randomBytes, randomUUID } from 'node:crypto';
import { createTenantFixture, type TenantFixture } from '../test/tenant-fixture.js';
import { createScratchDatabase, type ScratchDatabase } from './testing/index.js';
import { GrantedTokensStore, RevocationsStore, TokenSetsStore, type Database } from './index.js';

let scratch: ScratchDatabase;
let broker: Database;
let own: TenantFixture;
let other: TenantFixture;
const deadline = () => performance.now() + 10_000;

beforeAll(async () => {
  scratch = await createScratchDatabase();
  broker = (await scratch.open('broker')).database;
  own = await createTenantFixture(scratch);
  other = await createTenantFixture(scratch);
});
afterAll(() => scratch.close());

describe('as the wrong tenant, of what lies upstream', () => {
  test('a token set is neither leased, marked, finished nor failed', async () => {
    const sets = new TokenSetsStore(broker);
    const lease = { setId: own.tokenSetId, version: 1, attemptId: randomUUID(), leaseMs: 30_000 };
    expect(await sets.lease(other.tenantId, lease, new Date(), deadline())).toBeUndefined();
    const fence = await sets.lease(own.tenantId, lease, new Date(), deadline());
    const attempt = { setId: own.tokenSetId, fence: fence ?? 0, attemptId: lease.attemptId };
    expect(await sets.markSent(other.tenantId, attempt, deadline())).toBe(false);
    const tokens = { ...attempt, version: 2, scopes: [], hasRefreshToken: false, accessExpiresAt: null };
    const due = { activeDueAt: null, dormantDueAt: null };
    const stolen = { ...tokens, ...due, refreshExpiresAt: null, sealed: Buffer.from('stolen') };
    expect(await sets.finish(other.tenantId, stolen, new Date(), deadline())).toBe(false);
    const failed = { ...attempt, outcome: 'terminal', errorCode: null, retryAt: null, dueAt: null } as const;
    expect(await sets.fail(other.tenantId, failed, new Date(), deadline())).toEqual({
      state: null,
      parked: null,
    });
    expect(await sets.find(own.tenantId, own.tokenSetId, deadline())).toMatchObject({
      version: 1,
      state: 'active',
      leased: true,
    });
    expect(await sets.markSent(own.tenantId, attempt, deadline())).toBe(true);
    expect(await sets.fail(own.tenantId, { ...failed, outcome: 'transient' }, new Date(), deadline())).toMatchObject({
      state: 'active',
    });
  });

  test('a domain has siblings in its own tenant only', async () => {
    const sets = new TokenSetsStore(broker);
    const domain = Buffer.alloc(32, 7);
    for (const { tenantId, connectorId } of [own, other]) {
      const set = {
        id: randomUUID(),
        connectorId,
        subject: 'shared',
        domain,
        version: 1,
        scopes: [],
        hasRefreshToken: true,
      };
      const stored = {
        ...set,
        accessExpiresAt: null,
        refreshExpiresAt: null,
        freshRefreshToken: true,
        activeDueAt: null,
        dormantDueAt: null,
        sealed: Buffer.from('x'),
      };
      expect(await sets.store(tenantId, stored, new Date(), deadline())).toBe(1);
    }
    expect(await sets.findSibling(own.tenantId, domain, own.connectorId, deadline())).toBeUndefined();
    expect(await sets.findSibling(own.tenantId, domain, other.connectorId, deadline())).toBeDefined();
  });

  test('grants lead to no upstream tokens, and no token is handed out', async () => {
    const grants = new GrantedTokensStore(broker);
    const grantId = randomUUID();
    await scratch.sql(
      `INSERT INTO linkbroker.grants (id, tenant_id, skill_id, link_id, created_at, code_expires_at, code_hash, redirect_uri, scopes)
       VALUES ($1, $2, $3, $4, now(), now(), $5, 'https://a.example', '{}')`,
      [grantId, own.tenantId, own.skillId, own.linkId, randomBytes(32)],
    );
    expect(await grants.find(own.tenantId, own.skillId, grantId, deadline())).toMatchObject({ linkId: own.linkId });
    expect(await grants.find(other.tenantId, own.skillId, grantId, deadline())).toBeUndefined();
    const now = new Date();
    const token = { skillId: own.skillId, grantId, fingerprint: randomBytes(32), issuedAt: now, expiresAt: now };
    await grants.handOut(own.tenantId, token, deadline());
    expect(await grants.findHandedOut(own.tenantId, own.skillId, token.fingerprint, deadline())).toMatchObject({
      grantId,
    });
    expect(await grants.findHandedOut(other.tenantId, own.skillId, token.fingerprint, deadline())).toBeUndefined();
    expect(await grants.resolve(grantId, randomBytes(32), deadline())).toBeUndefined();
  });

  test('a revocation is not finished', async () => {
    const revocations = new RevocationsStore((await scratch.open('worker')).database);
    const [id, now] = [randomUUID(), new Date()];
    await scratch.sql(
      `INSERT INTO linkbroker.upstream_revocations (id, tenant_id, connector_id, token_set_id, domain, requested_at, hold_until, next_attempt_at)
       VALUES ($1, $2, $3, $4, $5, now(), now(), now() - interval '1 hour')`,
      [id, own.tenantId, own.connectorId, own.tokenSetId, randomBytes(32)],
    );
    const claimed = await revocations.claim(now, new Date(now.getTime() + 60_000), deadline());
    expect(claimed).toMatchObject({ id, tenantId: own.tenantId, attempts: 1 });
    await revocations.finish(other.tenantId, { id, state: 'done', error: null, next: null }, now, deadline());
    const [row] = await scratch.sql<{ state: string }>(
      'SELECT state FROM linkbroker.upstream_revocations WHERE id = $1',
      [id],
    );
    expect(row?.state).toBe('running');
  });
});

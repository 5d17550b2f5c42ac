import fc from 'fast-check';
import { randomBytes, randomUUID } from 'node:crypto';
import { createScratchDatabase, type ScratchDatabase } from '../testing/index.js';
import { createTenantFixture, type TenantFixture } from '../../test/tenant-fixture.js';
import { GrantedTokensStore, TokenSetsStore, type Database } from '../index.js';

let scratch: ScratchDatabase;
let own: TenantFixture;
let other: TenantFixture;
let database: Database;
/** The names of the statements that have left. */
let statements: string[] = [];
const deadline = () => performance.now() + 10_000;

beforeAll(async () => {
  scratch = await createScratchDatabase();
  const opened = await scratch.open('broker');
  database = {
    query: (statement, values, until) => {
      statements.push(statement.name);
      return opened.database.query(statement, values, until);
    },
  };
  own = await createTenantFixture(scratch);
  other = await createTenantFixture(scratch);
});
beforeEach(() => (statements = []));
afterAll(() => scratch.close());

async function insertGrant(tenant: TenantFixture, accessSecretHash: Buffer | null = null): Promise<string> {
  const grantId = randomUUID();
  await scratch.sql(
    `INSERT INTO linkbroker.grants (id, tenant_id, skill_id, link_id, created_at, code_expires_at, code_hash, redirect_uri,
       scopes, access_secret_hash)
     VALUES ($1, $2, $3, $4, now(), now(), $5, 'https://a.example', '{}', $6)`,
    [grantId, tenant.tenantId, tenant.skillId, tenant.linkId, randomBytes(32), accessSecretHash],
  );
  return grantId;
}

/** What is found alone, and what is found in a crowd that shares statements. */
async function findBothWays(tenant: TenantFixture, grantIds: readonly string[]) {
  const find = (store: GrantedTokensStore, grantId: string) =>
    store.find(tenant.tenantId, tenant.skillId, grantId, deadline());
  const alone = [];
  for (const grantId of grantIds) alone.push(await find(new GrantedTokensStore(database), grantId));
  expect(new Set(statements)).toEqual(new Set(['find_granted_tokens']));
  const store = new GrantedTokensStore(database);
  const strangers = Array.from({ length: 3 }, () => find(store, randomUUID()));
  const crowd = await Promise.all(grantIds.map((grantId) => find(store, grantId)));
  expect(await Promise.all(strangers)).toEqual([undefined, undefined, undefined]);
  expect(statements).toContain('find_many_granted_tokens');
  return { alone, crowd };
}

test('a crowd shares statements, and each gets its own answer', async () => {
  const hashes = Array.from({ length: 10 }, () => randomBytes(32));
  const grantIds = await Promise.all(hashes.map((hash) => insertGrant(own, hash)));
  const foreign = await insertGrant(other, randomBytes(32));
  const asked = [...grantIds, foreign, randomUUID(), grantIds[3]!];
  const { alone, crowd } = await findBothWays(own, asked);
  expect(crowd).toEqual(alone);
  const found = crowd.map((granted) => granted?.accessSecretHash);
  expect(found).toEqual([...hashes, undefined, undefined, hashes[3]]);
  expect(statements.length).toBeLessThan(2 * asked.length);
});

test('an answer has what the rows have, octet for octet and to the millisecond', async () => {
  const moment = fc.date({ min: new Date('2001-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
  const maybe = fc.option(moment, { nil: null });
  const rows = fc.record({
    accessEndedAt: maybe,
    revokedAt: maybe,
    accessExpiresAt: maybe,
    refreshExpiresAt: maybe,
    retryAt: maybe,
    storedAt: moment,
    leased: fc.boolean(),
    hasRefreshToken: fc.boolean(),
    state: fc.constantFrom('active', 'at_risk', 'dead', 'revoked'),
    scopes: fc.array(fc.stringMatching(/^[\x20-\x7e\n"\\é]{1,12}$/), { maxLength: 4 }),
    sealed: fc.uint8Array({ maxLength: 600 }).map((octets) => Buffer.from(octets)),
  });
  const grantId = await insertGrant(own);
  const sets = new TokenSetsStore(database);
  await fc.assert(
    fc.asyncProperty(rows, async (row) => {
      await scratch.sql('UPDATE linkbroker.grants SET access_ended_at = $2, revoked_at = $3 WHERE id = $1', [
        grantId,
        row.accessEndedAt,
        row.revokedAt,
      ]);
      await scratch.sql(
        `UPDATE linkbroker.upstream_token_sets SET access_expires_at = $2, refresh_expires_at = $3, retry_at = $4,
           updated_at = $5, lease_until = CASE WHEN $6 THEN now() + interval '1 hour' END, has_refresh_token = $7, state = $8,
           scopes = $9, sealed = $10 WHERE id = $1`,
        [
          ...[own.tokenSetId, row.accessExpiresAt, row.refreshExpiresAt, row.retryAt, row.storedAt, row.leased],
          ...[row.hasRefreshToken, row.state, row.scopes, row.sealed],
        ],
      );
      statements = [];
      const { alone, crowd } = await findBothWays(own, [grantId, grantId]);
      expect(crowd).toEqual(alone);
      const tokenSet = await sets.find(own.tenantId, own.tokenSetId, deadline());
      expect(tokenSet).toMatchObject({ state: row.state, scopes: row.scopes, sealed: row.sealed, leased: row.leased });
      const { accessEndedAt, revokedAt } = row;
      expect(alone[0]).toEqual({ linkId: own.linkId, accessSecretHash: null, accessEndedAt, revokedAt, tokenSet });
    }),
    { numRuns: 40 },
  );
});

test('what was revoked before the call is seen as revoked, however many ask', async () => {
  const grantId = await insertGrant(own);
  const store = new GrantedTokensStore(database);
  const find = () => store.find(own.tenantId, own.skillId, grantId, deadline());
  const before = Array.from({ length: 20 }, find);
  await scratch.sql('UPDATE linkbroker.grants SET revoked_at = now() WHERE id = $1', [grantId]);
  const after = await Promise.all(Array.from({ length: 20 }, find));
  expect(after.filter((granted) => granted?.revokedAt === null)).toEqual([]);
  await Promise.all(before);
});

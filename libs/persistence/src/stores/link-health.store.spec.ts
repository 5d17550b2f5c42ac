import { createTenantFixture, type TenantFixture } from '../../test/tenant-fixture.js';
import { LinkHealthStore } from '../index.js';
import { createScratchDatabase, type ScratchDatabase } from '../testing/index.js';

let scratch: ScratchDatabase;
let own: TenantFixture;
let health: LinkHealthStore;
beforeAll(async () => {
  scratch = await createScratchDatabase();
  own = await createTenantFixture(scratch);
  await createTenantFixture(scratch);
  health = new LinkHealthStore((await scratch.open('worker')).database);
});
afterAll(() => scratch.close());

const become = (state: string, failures: number) =>
  scratch.sql('UPDATE linkbroker.upstream_token_sets SET state = $2, failures = $3 WHERE id = $1', [
    own.tokenSetId,
    state,
    failures,
  ]);
const unwell = async () =>
  (await health.countUnwell(performance.now() + 10_000)).map(({ state, count }) => [state, count]);

test.each([
  ['active', 0, []],
  ['active', 3, [['failing', 1]]],
  ['at_risk', 0, [['at_risk', 1]]],
  ['at_risk', 2, [['at_risk', 1]]],
  ['dead', 2, [['dead', 1]]],
  ['revoked', 2, []],
])('a set that is %s after %d failures', async (state, failures, counted) => {
  await become(state, failures);
  expect(await unwell()).toEqual(counted);
});

test('what is well is not looked at', async () => {
  await become('active', 0);
  await scratch.sql('SET enable_seqscan = off');
  const [body] = await scratch.sql<{ prosrc: string }>(
    `SELECT prosrc FROM pg_proc WHERE proname = 'count_unwell_token_sets'`,
  );
  const text = body!.prosrc.replaceAll(/\b(upstream_token_sets|connectors|tenants) /g, 'linkbroker.$1 ');
  const plan = await scratch.sql<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`);
  expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toContain('upstream_token_sets_unwell');
});

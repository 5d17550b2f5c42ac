/**
 * The best PostgreSQL store for oidc-provider that keeps its promises: one table, found by primary key; prepared
 * statements only; the payload as text, which PostgreSQL neither parses nor indexes; consumption in a column of its
 * own with room on the page, so that consuming a token writes no index and not the payload's text again by us.
 */
export const SCHEMA = `
CREATE TABLE artifacts (
  id text COLLATE "C" PRIMARY KEY,
  model text NOT NULL,
  grant_id text COLLATE "C",
  expires_at timestamptz NOT NULL,
  payload text NOT NULL,
  consumed_at bigint
) WITH (fillfactor = 80);
CREATE INDEX artifacts_grant ON artifacts (grant_id) WHERE grant_id IS NOT NULL;
`;

const FIND = {
  name: 'find',
  text: 'SELECT payload, consumed_at FROM artifacts WHERE id = $1 AND model = $2 AND expires_at > now()',
};
const UPSERT = {
  name: 'upsert',
  text: `INSERT INTO artifacts (id, model, grant_id, expires_at, payload)
    VALUES ($1, $2, $3, now() + $4 * interval '1 second', $5)
    ON CONFLICT (id) DO UPDATE SET grant_id = excluded.grant_id, expires_at = excluded.expires_at, payload = excluded.payload`,
};
const CONSUME = {
  name: 'consume',
  text: 'UPDATE artifacts SET consumed_at = extract(epoch FROM now())::bigint WHERE id = $1',
};
const DESTROY = { name: 'destroy', text: 'DELETE FROM artifacts WHERE id = $1' };
const REVOKE = { name: 'revoke', text: 'DELETE FROM artifacts WHERE grant_id = $1' };

/** One statement for thousands of artifacts: how the bench fills the table. */
const BULK = `INSERT INTO artifacts (id, model, grant_id, expires_at, payload)
  SELECT id, model, grant_id, now() + ttl * interval '1 second', payload
  FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[]) AS t (id, model, grant_id, ttl, payload)`;

/** oidc-provider's adapter over a pool. @param {import('pg').Pool} pool */
export const postgresAdapter = (pool) => (model) => {
  const run = (statement, values) => pool.query({ ...statement, values });
  return {
    async find(id) {
      const { rows } = await run(FIND, [id, model]);
      if (rows.length === 0) return undefined;
      const payload = JSON.parse(rows[0].payload);
      if (rows[0].consumed_at !== null) payload.consumed = Number(rows[0].consumed_at);
      return payload;
    },
    upsert: (id, payload, ttl) => run(UPSERT, [id, model, payload.grantId ?? null, ttl, JSON.stringify(payload)]),
    consume: (id) => run(CONSUME, [id]),
    destroy: (id) => run(DESTROY, [id]),
    revokeByGrantId: (grantId) => run(REVOKE, [grantId]),
    // Sessions and device codes: nothing of the token endpoint as configured here.
    findByUid: () => Promise.resolve(undefined),
    findByUserCode: () => Promise.resolve(undefined),
  };
};

/** An adapter that only collects what oidc-provider's models save, and `flush` to write it all at once. */
export function collectingAdapter() {
  let rows = [];
  const adapter = (model) => ({
    async upsert(id, payload, ttl) {
      rows.push([id, model, payload.grantId ?? null, ttl, JSON.stringify(payload)]);
    },
  });
  const flush = async (client) => {
    const columns = [0, 1, 2, 3, 4].map((index) => rows.map((row) => row[index]));
    rows = [];
    await client.query(BULK, columns);
  };
  return { adapter, flush };
}

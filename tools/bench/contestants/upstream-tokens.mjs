import { createHash, randomBytes } from 'node:crypto';

const SETS = `
SELECT u.id, u.tenant_id AS tenant, u.version
FROM unnest($1::bytea[]) WITH ORDINALITY AS c (hash, place) JOIN linkbroker.grants AS g ON g.code_hash = c.hash
  JOIN linkbroker.links AS l ON l.id = g.link_id JOIN linkbroker.upstream_token_sets AS u ON u.id = l.token_set_id
ORDER BY c.place`;

/** Long-lived: a warm exchange has nothing to ask upstream. */
const SEAL = `
UPDATE linkbroker.upstream_token_sets AS u SET sealed = t.sealed, access_expires_at = now() + interval '1 day'
FROM unnest($1::uuid[], $2::bytea[]) AS t (id, sealed) WHERE u.id = t.id`;

const patience = 30_000;

/**
 * Gives the households of these codes upstream tokens as long as Google's, sealed by the broker's own vault under the
 * tenant's own key. The libraries are imported only now: they are there because the broker has been built.
 * @param {{ env: Record<string, string>, client: import('pg').Client, codes: string[] }} parts
 * @returns {Promise<string[]>} each household's upstream access token
 */
export async function sealUpstreamTokens({ env, client, codes }) {
  const { sealTokens } = await import('../../../libs/linking/dist/index.js');
  const { KeysStore, openDatabase } = await import('../../../libs/persistence/dist/index.js');
  const { parseMasterKeys, Vault } = await import('../../../libs/vault/dist/index.js');
  const opened = await openDatabase(env.DATABASE_URL, 1);
  const vault = new Vault(parseMasterKeys(env.MASTER_KEYS), new KeysStore(opened.database));
  const seal = (place, plain, deadline) => vault.seal(place, plain, deadline);
  const { rows } = await client.query(SETS, [codes.map(codeHash)]);
  const tokens = rows.map(() => randomToken(218));
  const sealed = await Promise.all(
    rows.map(({ id, tenant, version }, index) => {
      const secrets = { accessToken: tokens[index], refreshToken: randomToken(103), profile: { name: 'A Household' } };
      return sealTokens({ seal }, tenant, { id, version }, secrets, performance.now() + patience);
    }),
  );
  await client.query(SEAL, [rows.map(({ id }) => id), sealed]);
  await opened.close();
  return tokens;
}

const codeHash = (code) => createHash('sha256').update(code).digest();
const randomToken = (length) => randomBytes(length).toString('base64url').slice(0, length);

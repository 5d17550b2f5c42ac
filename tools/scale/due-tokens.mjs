import { randomBytes } from 'node:crypto';

const patience = 60_000;

/**
 * Upstream tokens as long as Google's, sealed by the product's own vault under each tenant's key, so that the worker opens
 * them. The libraries are imported only now: they are there because the worker has been built.
 * @param {{ url: string, keys: string, sets: { id: string, tenant: string }[] }} parts
 * @returns {Promise<Buffer[]>} in the same places
 */
export async function dueTokens({ url, keys, sets }) {
  const { sealTokens } = await import('../../libs/linking/dist/index.js');
  const { KeysStore, openDatabase } = await import('../../libs/persistence/dist/index.js');
  const { parseMasterKeys, Vault } = await import('../../libs/vault/dist/index.js');
  const opened = await openDatabase(url, 1);
  const vault = new Vault(parseMasterKeys(keys), new KeysStore(opened.database));
  const seal = (place, plain, deadline) => vault.seal(place, plain, deadline);
  const secrets = () => ({
    accessToken: randomToken(218),
    refreshToken: randomToken(103),
    profile: { name: 'A Household' },
  });
  const sealed = [];
  // One after another: the first of each tenant reads its key over the one connection.
  for (const { id, tenant } of sets) {
    sealed.push(await sealTokens({ seal }, tenant, { id, version: 1 }, secrets(), performance.now() + patience));
  }
  await opened.close();
  return sealed;
}

const randomToken = (length) => randomBytes(length).toString('base64url').slice(0, length);

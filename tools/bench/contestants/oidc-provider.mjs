import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { createProvider } from '../servers/oidc-configuration.mjs';
import { collectingAdapter, SCHEMA } from '../servers/oidc-store.mjs';
import { createDatabase } from '../stores.mjs';
import { anyAnswer } from '../server-processes.mjs';

const script = fileURLToPath(new URL('../servers/oidc-provider.mjs', import.meta.url));

/** npm's oidc-provider, see servers/oidc-*.mjs; its artifacts are made by its own models, here, and written at once. */
export async function startOidcProvider({ stores, servers, poolSize, client, options, rotate }) {
  const key = rotate ? 'oidc-rotating' : 'oidc-keeping';
  const database = `bench_${key.replace('-', '_')}`;
  const connection = await createDatabase(stores, database, SCHEMA);
  const server = await servers.start({
    name: key,
    script,
    env: {
      DATABASE_URL: stores.urlOf(database),
      POOL_SIZE: String(poolSize),
      CLIENT: JSON.stringify(client),
      ROTATE: rotate ? '1' : '0',
    },
    ports: ['PORT'],
    path: '/',
    accept: anyAnswer,
  });
  const artifacts = await artifactMaker({ connection, client, rotate });
  return {
    key,
    label: `oidc-provider, rotation ${rotate ? 'on' : 'off'}`,
    database,
    server,
    follows: rotate,
    path: '/token',
    prepareCodes: (count) => artifacts.make(count, artifacts.code),
    async prepareChains(count) {
      const step = Math.max(1, Math.floor(options.population / count));
      const tokens = await artifacts.make(count * step, artifacts.refreshToken);
      return { tokens: tokens.filter((_, index) => index % step === 0) };
    },
  };
}

async function artifactMaker({ connection, client, rotate }) {
  const { adapter, flush } = collectingAdapter();
  const provider = await createProvider({ adapter, client, rotate });
  const known = await provider.Client.find(client.id);
  const consent = async () => {
    const accountId = randomUUID();
    const grant = new provider.Grant({ clientId: client.id, accountId });
    grant.addOIDCScope('lights');
    return { client: known, accountId, grantId: await grant.save(), scope: 'lights', gty: 'authorization_code' };
  };
  return {
    code: async () => new provider.AuthorizationCode({ ...(await consent()), redirectUri: client.redirectUri }).save(),
    refreshToken: async () => new provider.RefreshToken({ ...(await consent()), rotations: 0 }).save(),
    /** @returns {Promise<string[]>} what the client would hold */
    async make(count, one) {
      const values = [];
      for (let index = 0; index < count; index += 1) values.push(await one());
      await flush(connection);
      await connection.query('ANALYZE artifacts');
      return values;
    },
  };
}

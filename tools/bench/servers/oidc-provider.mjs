import { createProvider } from './oidc-configuration.mjs';
import { postgresAdapter } from './oidc-store.mjs';
import { openPool, serve } from './serve.mjs';

/** npm's oidc-provider on the same PostgreSQL; ROTATE=1 gives a new refresh token at every refresh. */
const provider = await createProvider({
  adapter: postgresAdapter(openPool()),
  client: JSON.parse(process.env.CLIENT),
  rotate: process.env.ROTATE === '1',
});
provider.on('server_error', (_context, error) => process.stderr.write(`${error.stack}\n`));
serve(provider.callback());

/** @param {string} id @returns {string} the name of the exported constant */
export const constantOf = (id) => id.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

/**
 * The declaration of a provider about which nothing is known yet. It compiles; each `FILL IN` says what to look up.
 * @param {string} id @returns {string}
 */
export function declarationOf(id) {
  return `import { unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const DOCS = 'FILL IN: https address of the provider’s page on OAuth';

export const ${constantOf(id)} = {
  id: '${id}',
  name: 'FILL IN: the name that households know',
  // FILL IN: 'oidc' where there is an id_token; then name the issuer and leave out the endpoints that discovery tells.
  protocol: 'oauth2',
  endpoints: {
    authorization: 'FILL IN: https address of the authorization endpoint',
    token: 'FILL IN: https address of the token endpoint',
    userinfo: 'FILL IN: https address that says who signed in; leave out where the token answer says it',
  },
  clientAuthentication: 'post',
  pkce: 'none',
  scopes: { separator: ' ', default: ['FILL IN: the scopes that say who signed in, or none'] },
  token: {},
  refresh: { kind: 'refresh_token', rotation: 'replaced' },
  identity: { from: 'userinfo', subject: ['FILL IN: path of the account’s id'] },
  webView: 'unknown',
  loginHosts: ['FILL IN: host of the sign-in page'],
  docs: [DOCS],
  // One entry for each field above that the provider’s documentation decides. Say documented() once you have read it there.
  facts: {
    endpoints: unverified(DOCS),
    clientAuthentication: unverified(DOCS),
    pkce: unverified(DOCS),
    refresh: unverified(DOCS),
    identity: unverified(DOCS),
    loginHosts: unverified(DOCS),
  },
} satisfies UpstreamProvider;
`;
}

const fixture = (body, status, expected) =>
  `${JSON.stringify(
    {
      source: 'FILL IN: https address of the page that shows this answer',
      response: { status, contentType: 'application/json', body },
      expect: expected,
    },
    null,
    2,
  )}\n`;

/**
 * Fixtures in the shape of RFC 6749, to be made what the provider's documentation shows.
 * @param {string} id @returns {Readonly<Record<'success' | 'refresh' | 'error' | 'userinfo', string>>} by file name
 */
export function fixturesOf(id) {
  const token = (number) => ({
    access_token: `${id}-access-${number}`,
    expires_in: 3600,
    refresh_token: `${id}-refresh-${number}`,
  });
  const read = (number) => ({
    accessToken: `${id}-access-${number}`,
    refreshToken: `${id}-refresh-${number}`,
    expiresIn: 3600,
  });
  return {
    success: fixture(token(1), 200, read(1)),
    refresh: fixture(token(2), 200, read(2)),
    error: fixture({ error: 'invalid_grant' }, 400, { failure: 'rejected', code: 'invalid_grant' }),
    userinfo: fixture({ id: '1' }, 200, { subject: '1', profile: {} }),
  };
}

/**
 * The index with one provider more, in the order of the ids.
 * @param {string} source of src/catalogue/index.ts @param {string} id @returns {string}
 * @throws {Error} when the index has lost the shape that this relies on
 */
export function addToIndex(source, id) {
  const imports = [...source.matchAll(/^import \{ \w+ \} from '\.\/([a-z0-9-]+)\.js';\n/gm)];
  const list = /(const CATALOGUE: readonly UpstreamProvider\[\] = \[)([^\]]*)\]/.exec(source);
  if (imports.length === 0 || !list) throw new Error('src/catalogue/index.ts has no imports or no CATALOGUE any more');
  const ids = [...imports.map(([, known]) => known), id].sort();
  const written = ids.map((known) => `import { ${constantOf(known)} } from './${known}.js';\n`).join('');
  const first = imports[0].index;
  const last = imports.at(-1);
  const withImports = source.slice(0, first) + written + source.slice(last.index + last[0].length);
  return withImports.replace(list[0], `${list[1]}\n${ids.map((known) => `  ${constantOf(known)},\n`).join('')}]`);
}

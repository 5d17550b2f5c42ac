import { documented, reported } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const RFC = 'https://www.rfc-editor.org/rfc/rfc6749';

/** Any OAuth 2.0 server with a userinfo endpoint, by its endpoints. */
export const oauth2 = {
  id: 'oauth2',
  name: 'OAuth 2.0',
  protocol: 'oauth2',
  parameters: {
    subject: {
      description: 'where the id of the account stands in the userinfo answer, as a dotted path',
      example: 'data.id',
      pattern: /^\w{1,40}(\.\w{1,40}){0,4}$/,
      optional: true,
    },
    clientAuthentication: {
      description: 'how the client shows its secret: basic or post',
      example: 'basic',
      pattern: /^(basic|post)$/,
      optional: true,
    },
  },
  pkce: 'S256',
  scopes: { separator: ' ', default: [] },
  token: {},
  // Nobody knows which; a refresh token that may be spent has to be treated as if it were.
  refresh: { kind: 'refresh_token', rotation: 'single-use' },
  identity: {
    from: 'userinfo',
    subject: ['sub|id|user_id'],
    subjectParameter: 'subject',
    profile: { name: 'name', email: 'email', picture: 'picture', locale: 'locale' },
  },
  revocation: { style: 'rfc7009', killsSiblings: false },
  webView: 'unknown',
  loginHosts: [],
  docs: [RFC],
  facts: {
    pkce: documented('https://www.rfc-editor.org/rfc/rfc9700'),
    refresh: documented(RFC),
    identity: reported('https://openid.net/specs/openid-connect-core-1_0.html'),
    revocation: documented('https://www.rfc-editor.org/rfc/rfc7009'),
  },
} satisfies UpstreamProvider;

import { documented, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const GUIDE = 'https://developers.notion.com/docs/authorization';
const CREATE = 'https://developers.notion.com/reference/create-a-token';
const REFRESH = 'https://developers.notion.com/reference/refresh-a-token';

export const notion = {
  id: 'notion',

  name: 'Notion',
  protocol: 'oauth2',
  endpoints: {
    authorization: 'https://api.notion.com/v1/oauth/authorize',
    token: 'https://api.notion.com/v1/oauth/token',
  },
  clientAuthentication: 'basic',
  pkce: 'none',
  scopes: { separator: ' ', default: [] },
  authorizeParameters: { owner: 'user' },
  token: { bodyFormat: 'json' },
  refresh: { kind: 'refresh_token', rotation: 'single-use' },
  identity: {
    from: 'token',
    subject: ['owner.user.id'],
    profile: { name: 'owner.user.name', email: 'owner.user.person.email', picture: 'owner.user.avatar_url' },
  },
  webView: 'unknown',
  loginHosts: ['api.notion.com', 'www.notion.so'],
  docs: [GUIDE, CREATE, REFRESH],
  facts: {
    endpoints: documented(CREATE),
    clientAuthentication: documented('R245'),
    pkce: unverified(GUIDE),
    authorizeParameters: documented('R245'),
    'token.bodyFormat': documented('R245'),
    'refresh.kind': documented(REFRESH),
    'refresh.rotation': unverified(REFRESH),
    identity: documented(CREATE),
    loginHosts: unverified(GUIDE),
  },
} satisfies UpstreamProvider;

import { documented } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const WEB_SERVER = 'https://developers.google.com/identity/protocols/oauth2/web-server';
const OPENID = 'https://developers.google.com/identity/openid-connect/openid-connect';

export const google = {
  id: 'google',
  name: 'Google',
  protocol: 'oidc',
  issuer: 'https://accounts.google.com',
  clientAuthentication: 'post',
  pkce: 'S256',
  scopes: { separator: ' ', default: ['openid', 'email', 'profile'], required: ['openid'] },
  authorizeParameters: { access_type: 'offline' },
  consentParameters: { prompt: 'consent' },
  token: { lifetime: 3_600 },
  refresh: { kind: 'refresh_token', rotation: 'none', idleSeconds: 15_552_000, ceiling: 100 },
  errors: { misconfigured: ['deleted_client'] },
  identity: {
    from: 'id_token',
    subject: ['sub'],
    profile: { name: 'name', email: 'email', picture: 'picture', locale: 'locale' },
  },
  revocation: { style: 'token-only', killsSiblings: true },
  webView: 'blocked',
  loginHosts: ['accounts.google.com'],
  docs: [WEB_SERVER, OPENID],
  facts: {
    issuer: documented(OPENID),
    clientAuthentication: documented(WEB_SERVER),
    pkce: documented('https://developers.google.com/identity/protocols/oauth2/native-app'),
    'scopes.required': documented(OPENID),
    authorizeParameters: documented('R207'),
    consentParameters: documented('R208'),
    'token.lifetime': documented(WEB_SERVER),
    'refresh.kind': documented(WEB_SERVER),
    'refresh.rotation': documented('R209'),
    'refresh.idleSeconds': documented('R210'),
    'refresh.ceiling': documented('R210'),
    errors: documented(WEB_SERVER),
    identity: documented(OPENID),
    revocation: documented('R213'),
    webView: documented('R39'),
    loginHosts: documented(OPENID),
  },
} satisfies UpstreamProvider;

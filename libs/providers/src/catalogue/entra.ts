import { documented, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const CODE_FLOW = 'https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow';
const OIDC = 'https://learn.microsoft.com/en-us/entra/identity-platform/v2-protocols-oidc';
const CLAIMS = 'https://learn.microsoft.com/en-us/entra/identity-platform/id-token-claims-reference';
const REFRESH_TOKENS = 'https://learn.microsoft.com/en-us/entra/identity-platform/refresh-tokens';

export const entra = {
  id: 'entra',
  name: 'Microsoft',
  protocol: 'oidc',
  // A tenant has an issuer of its own, named by a number that the tenant's domain does not tell.
  issuerFamily: {
    discovery: 'https://login.microsoftonline.com/{tenant}/v2.0/.well-known/openid-configuration',
    pattern: /^https:\/\/login\.microsoftonline\.com\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\/v2\.0$/,
    open: 'https://login.microsoftonline.com/{tenantid}/v2.0',
    claim: 'tid',
  },
  parameters: {
    tenant: {
      description: 'who may sign in: common, organizations, consumers, or the domain or id of one organisation',
      example: 'common',
      pattern: /^[A-Za-z0-9]([A-Za-z0-9.-]{0,100}[A-Za-z0-9])?$/,
    },
  },
  clientAuthentication: 'post',
  pkce: 'S256',
  scopes: {
    separator: ' ',
    default: ['openid', 'profile', 'email', 'offline_access'],
    required: ['openid'],
    offline: 'offline_access',
  },
  consentParameters: { prompt: 'consent' },
  token: { lifetime: 3_600 },
  refresh: { kind: 'refresh_token', rotation: 'replaced', maxAgeSeconds: 7_776_000 },
  errors: { terminal: ['invalid_grant', 'interaction_required'], misconfigured: ['invalid_resource'] },
  identity: { from: 'id_token', subject: ['sub'], profile: { name: 'name', email: 'email|preferred_username' } },
  webView: 'unknown',
  loginHosts: ['login.microsoftonline.com', 'login.live.com'],
  docs: [CODE_FLOW, OIDC, REFRESH_TOKENS],
  facts: {
    issuerFamily: documented(OIDC),
    parameters: documented(OIDC),
    clientAuthentication: documented(CODE_FLOW),
    pkce: documented(CODE_FLOW),
    'scopes.required': documented(OIDC),
    'scopes.offline': documented('R225'),
    consentParameters: documented(CODE_FLOW),
    'token.lifetime': unverified(CODE_FLOW),
    refresh: documented('R225'),
    errors: documented(CODE_FLOW),
    identity: documented(CLAIMS),
    loginHosts: unverified(OIDC),
  },
} satisfies UpstreamProvider;

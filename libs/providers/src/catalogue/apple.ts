import { documented, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const REST = 'https://developer.apple.com/documentation/signinwithapplerestapi';
const AUTHORIZE =
  'https://developer.apple.com/documentation/signinwithapplerestapi/request-an-authorization-to-the-sign-in-with-apple-server';
const TOKENS = 'https://developer.apple.com/documentation/signinwithapplerestapi/generate-and-validate-tokens';
const SECRET = 'https://developer.apple.com/documentation/accountorganizationaldatasharing/creating-a-client-secret';

export const apple = {
  id: 'apple',
  name: 'Apple',
  protocol: 'oidc',
  issuer: 'https://appleid.apple.com',
  endpoints: {
    authorization: 'https://appleid.apple.com/auth/authorize',
    token: 'https://appleid.apple.com/auth/token',
    revocation: 'https://appleid.apple.com/auth/revoke',
    jwks: 'https://appleid.apple.com/auth/keys',
  },
  parameters: {
    teamId: { description: 'the team id of the developer account', example: 'A1B2C3D4E5', pattern: /^[A-Z0-9]{10}$/ },
    keyId: { description: 'the id of the private key', example: 'F6G7H8J9K0', pattern: /^[A-Z0-9]{10}$/ },
  },
  clientAuthentication: 'signed-secret',
  pkce: 'none',
  scopes: { separator: ' ', default: ['name', 'email'] },
  responseMode: 'form_post',
  token: { lifetime: 3_600 },
  refresh: { kind: 'refresh_token', rotation: 'none', minIntervalSeconds: 86_400 },
  errors: { declined: ['user_cancelled_authorize'] },
  identity: {
    from: 'id_token',
    subject: ['sub'],
    profile: { email: 'email' },
    callbackProfile: { name: ['name.firstName', 'name.lastName'], email: 'email' },
  },
  revocation: { style: 'rfc7009', killsSiblings: true },
  webView: 'unknown',
  loginHosts: ['appleid.apple.com'],
  docs: [REST, AUTHORIZE, TOKENS, SECRET],
  facts: {
    issuer: documented(TOKENS),
    endpoints: documented(REST),
    parameters: documented(SECRET),
    clientAuthentication: documented('R228'),
    pkce: unverified(AUTHORIZE),
    responseMode: documented('R228'),
    'token.lifetime': documented(TOKENS),
    'refresh.kind': documented(TOKENS),
    'refresh.rotation': documented(TOKENS),
    'refresh.minIntervalSeconds': documented('R228'),
    errors: unverified(AUTHORIZE),
    identity: documented(REST),
    'identity.callbackProfile': documented('R228'),
    revocation: documented('https://developer.apple.com/documentation/signinwithapplerestapi/revoke-tokens'),
    'revocation.killsSiblings': unverified(
      'https://developer.apple.com/documentation/signinwithapplerestapi/revoke-tokens',
    ),
    loginHosts: documented(AUTHORIZE),
  },
} satisfies UpstreamProvider;

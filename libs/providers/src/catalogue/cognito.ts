import { documented, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const TOKEN = 'https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html';
const REFRESH =
  'https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html';
const ROTATION =
  'https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RefreshTokenRotationType.html';

/** A user pool of Amazon Cognito. */
export const cognito = {
  id: 'cognito',

  name: 'Amazon Cognito',
  protocol: 'oidc',
  issuer: 'https://cognito-idp.{region}.amazonaws.com/{userPoolId}',
  parameters: {
    region: { description: 'the AWS region', example: 'eu-central-1', pattern: /^[a-z]{2}(-[a-z]+)+-\d$/ },
    userPoolId: {
      description: 'the id of the user pool',
      example: 'eu-central-1_A1b2C3d4E',
      pattern: /^[a-z]{2}(-[a-z]+)+-\d_[A-Za-z0-9]{1,55}$/,
    },
  },
  clientAuthentication: 'basic',
  pkce: 'S256',
  scopes: { separator: ' ', default: ['openid', 'email', 'profile'], required: ['openid'] },
  token: { lifetime: 3_600 },
  // Rotation is a setting of the client, off unless set; then the old token has a grace of 0 to 60 seconds.
  refresh: { kind: 'refresh_token', rotation: 'none' },
  identity: {
    from: 'id_token',
    subject: ['sub'],
    profile: { name: 'name', email: 'email', picture: 'picture', locale: 'locale' },
  },
  revocation: { style: 'rfc7009', killsSiblings: false },
  webView: 'unknown',
  loginHosts: [],
  docs: [TOKEN, REFRESH, ROTATION],
  facts: {
    issuer: unverified(TOKEN),
    clientAuthentication: unverified(TOKEN),
    pkce: unverified(TOKEN),
    'scopes.required': unverified(TOKEN),
    'token.lifetime': unverified(TOKEN),
    refresh: documented('R252'),
    identity: unverified(TOKEN),
    revocation: unverified('https://docs.aws.amazon.com/cognito/latest/developerguide/revocation-endpoint.html'),
  },
} satisfies UpstreamProvider;

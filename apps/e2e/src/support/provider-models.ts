import type { Simulator } from '@linkbroker/simulator';
import { generateKeyPairSync } from 'node:crypto';

/** Seconds that Google's access tokens live: a link is of use only with a refresh token that works. */
const ACCESS_TTL = 3;

const apple = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const APPLE = { teamId: 'TEAM123456', keyId: 'KEY1234567' };
const APPLE_KEY = apple.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** The simulated Alexa's; it does not know of these attempts and only shows where the browser came to. */
export const redirectUri = (sim: string): string => `${sim}/alexa/api/skill/link/M3KVOEXUO4ALBL`;

const skillConfig = (name: string, connectors: string, sim: string): string =>
  `{ slug: ${name}, name: ${name}, clientId: alexa-${name}, clientSecret: ${name}-secret, redirectUris: ["${redirectUri(sim)}"], connectors: [${connectors}], backend: { clientId: ${name}-backend, clientSecret: ${name}-backend-secret } }`;

/** A tenant with two skills at the simulator's models, and one who names the first one's client at Google. */
export const modelsConfig = (sim: string): string => `
tenants:
  - slug: acme
    name: Acme
    connectors:
      - { slug: google, name: Google, provider: google, issuer: "${sim}/google", clientId: app, clientSecret: secret }
      - { slug: github, name: GitHub, provider: github, clientId: app, clientSecret: secret, endpoints: { authorization: "${sim}/github/login/oauth/authorize", token: "${sim}/github/login/oauth/access_token", userinfo: "${sim}/github/user" } }
      - { slug: apple, name: Apple, provider: apple, issuer: "${sim}/apple", clientId: app, clientSecret: ${JSON.stringify(APPLE_KEY)}, parameters: { teamId: ${APPLE.teamId}, keyId: ${APPLE.keyId} }, scopes: [openid, name, email] }
      - { slug: facebook, name: Facebook, provider: facebook, clientId: app, clientSecret: secret, endpoints: { authorization: "${sim}/facebook/dialog/oauth", token: "${sim}/facebook/oauth/access_token", userinfo: "${sim}/facebook/me" } }
    skills:
      - ${skillConfig('lights', 'google, github, apple, facebook', sim)}
      - ${skillConfig('blinds', 'google', sim)}
  - slug: rival
    name: Rival
    connectors:
      - { slug: copy, name: Copy, provider: google, issuer: "${sim}/google", clientId: app, clientSecret: secret }
      - { slug: own, name: Own, provider: google, issuer: "${sim}/oidc", clientId: app, clientSecret: rival-secret, scopes: [openid, offline_access], endpoints: { revocation: "${sim}/google/revoke" } }
    skills:
      - ${skillConfig('rival', 'copy, own', sim)}
`;

/** Acme Home is what the second tenant passes off as Google: the same client id, with a secret of his own. */
export const ACME_HOME_CLIENTS = { app: 'rival-secret' };

/** Every model as new: its clients, and nobody who ever signed in. */
export function startModelsAfresh({ models }: Simulator): void {
  for (const model of Object.values(models)) model.reset();
  const client = { clientId: 'app', clientSecret: 'secret', brokerCallbacks: true };
  models.google.clients.register({ ...client, accessTtl: ACCESS_TTL });
  for (const model of [models.github, models.facebook]) model.clients.register(client);
  const publicKey = apple.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  models.apple.clients.register({ clientId: 'app', brokerCallbacks: true, apple: { ...APPLE, publicKey } });
}

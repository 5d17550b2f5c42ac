import { createSimulator, type Simulator } from '@linkbroker/simulator';
import { noteSecretsIn, watchServer } from '@linkbroker/testing';
import { generateKeyPairSync } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { atAlexa, authorizeUrl, phone, press, redeem, type Client, type Phone } from './alexa.js';
import { startTestBroker, type TestBroker } from './test-broker.js';

export const FIRST: Client = { clientId: 'alexa-first', clientSecret: 'first-secret' };
export const SECOND: Client = { clientId: 'alexa-second', clientSecret: 'second-secret' };
export const FIRST_BACKEND: Client = { clientId: 'first-backend', clientSecret: 'first-backend-secret' };
export const SECOND_BACKEND: Client = { clientId: 'second-backend', clientSecret: 'second-backend-secret' };

const apple = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const APPLE = { teamId: 'TEAM123456', keyId: 'KEY1234567' };

/** A broker before the simulator's models of providers, one connector each, and two skills that use all of them. */
export interface Federation {
  readonly broker: TestBroker;
  readonly simulator: Simulator;
  /** Forgets every link, and at the providers every sign-in. */
  readonly startAfresh: () => Promise<void>;
  /** Applies the config with another text in place of some; a number of live grants prunes. */
  readonly apply: (change?: (yaml: string) => string, liveGrants?: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

const config = (sim: string): string => `
tenants:
  - slug: fed
    name: Federated
    connectors:
      - { slug: google, name: Google, provider: google, issuer: "${sim}/google", clientId: app, clientSecret: secret }
      - { slug: entra, name: Microsoft, provider: entra, issuer: "${sim}/oidc", parameters: { tenant: common }, clientId: app, clientSecret: secret, scopes: [openid, profile, offline_access] }
      - { slug: github, name: GitHub, provider: github, clientId: app, clientSecret: secret, endpoints: { authorization: "${sim}/github/login/oauth/authorize", token: "${sim}/github/login/oauth/access_token", userinfo: "${sim}/github/user", revocation: "${sim}/github/applications/app/grant" } }
      - { slug: ghapp, name: GitHub App, provider: github-app, clientId: gha, clientSecret: secret, endpoints: { authorization: "${sim}/github/login/oauth/authorize", token: "${sim}/github/login/oauth/access_token", userinfo: "${sim}/github/user" } }
      - { slug: apple, name: Apple, provider: apple, issuer: "${sim}/apple", clientId: app, clientSecret: ${JSON.stringify(apple.privateKey.export({ type: 'pkcs8', format: 'pem' }))}, parameters: { teamId: ${APPLE.teamId}, keyId: ${APPLE.keyId} }, scopes: [openid, name, email] }
      - { slug: facebook, name: Facebook, provider: facebook, clientId: app, clientSecret: secret, endpoints: { authorization: "${sim}/facebook/dialog/oauth", token: "${sim}/facebook/oauth/access_token", userinfo: "${sim}/facebook/me", revocation: "${sim}/facebook/me/permissions" } }
      - { slug: slack, name: Slack, provider: slack, clientId: app, clientSecret: secret, scopes: [identity.basic], endpoints: { authorization: "${sim}/slack/oauth/v2/authorize", token: "${sim}/slack/api/oauth.v2.access", userinfo: "${sim}/slack/api/users.identity", revocation: "${sim}/slack/api/auth.revoke" } }
      - { slug: withings, name: Withings, provider: withings, clientId: app, clientSecret: secret, scopes: [user.info], endpoints: { authorization: "${sim}/withings/oauth2_user/authorize2", token: "${sim}/withings/v2/oauth2" } }
      - { slug: rotating, name: Rotating, provider: oauth2, clientId: app, clientSecret: secret, scopes: [read], endpoints: { authorization: "${sim}/rotating/authorize", token: "${sim}/rotating/token", userinfo: "${sim}/rotating/userinfo", revocation: "${sim}/rotating/revoke" } }
    skills:
      - { slug: first, name: First, clientId: ${FIRST.clientId}, clientSecret: ${FIRST.clientSecret}, vendorId: M3KVOEXUO4ALBL, connectors: [google, entra, github, ghapp, apple, facebook, slack, withings, rotating], backend: { clientId: ${FIRST_BACKEND.clientId}, clientSecret: ${FIRST_BACKEND.clientSecret} } }
      - { slug: second, name: Second, clientId: ${SECOND.clientId}, clientSecret: ${SECOND.clientSecret}, vendorId: M3KVOEXUO4ALBL, connectors: [google, rotating], backend: { clientId: ${SECOND_BACKEND.clientId}, clientSecret: ${SECOND_BACKEND.clientSecret} } }
`;

/** Every model as new: its clients, and nobody who ever signed in. */
function startAfresh(simulator: Simulator): void {
  for (const model of Object.values(simulator.models)) model.reset();
  simulator.faults.clear();
  const client = { clientId: 'app', clientSecret: 'secret', brokerCallbacks: true };
  for (const name of ['google', 'github', 'facebook', 'withings', 'rotating'] as const) {
    simulator.models[name].clients.register(client);
  }
  simulator.models.github.clients.register({ ...client, clientId: 'gha', githubApp: true });
  simulator.models.slack.clients.register({ ...client, tokenRotation: true });
  const publicKey = apple.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  simulator.models.apple.clients.register({ clientId: 'app', brokerCallbacks: true, apple: { ...APPLE, publicKey } });
}

export async function startFederation(): Promise<Federation> {
  const broker = await startTestBroker();
  const simulator = createSimulator({
    brokerUrl: broker.url,
    skills: () => [],
    upstream: { clients: [{ clientId: 'app', clientSecret: 'secret', brokerCallbacks: true }] },
    now: () => broker.clock.now().getTime(),
  });
  watchServer(simulator);
  await simulator.listen({ host: '127.0.0.1', port: 0 });
  const { port } = simulator.server.address() as AddressInfo;
  const apply = (change = (yaml: string) => yaml, liveGrants?: number): Promise<void> =>
    broker.apply(() => change(config(`http://localhost:${String(port)}`)), liveGrants);
  await apply();
  const close = async (): Promise<void> => {
    await broker.close();
    await simulator.close();
  };
  const afresh = async (): Promise<void> => {
    startAfresh(simulator);
    await broker.database.sql('TRUNCATE linkbroker.upstream_token_sets, linkbroker.upstream_refresh_attempts CASCADE');
  };
  return { broker, simulator, startAfresh: afresh, apply, close };
}

/** What a visit to a provider looked like. */
export interface Visit {
  readonly code: string;
  /** Every page of a model's that asked for something. */
  readonly asked: readonly string[];
  readonly location: URL;
}

const addressOf = (client: Client, broker: TestBroker): string =>
  authorizeUrl(broker, { client_id: client.clientId, scope: undefined });

/** Links with a model: presses its button, signs in wherever it is asked to. */
export async function visit(
  { broker }: Federation,
  connector: string,
  client: Client = FIRST,
  user = 'alice',
  settings: Phone = { stopAt: atAlexa },
): Promise<Visit> {
  const browser = phone(settings);
  const asked: string[] = [];
  let page = await press(browser, await browser.open(addressOf(client, broker)), 'connector', connector);
  for (let step = 0; step < 8 && page.arrived === undefined; step += 1) {
    const [form] = page.forms;
    if (!form || page.url.startsWith(broker.url)) break;
    if (form.fields.some(({ name }) => name === 'username')) asked.push(page.url);
    page = await browser.submit(
      page,
      form,
      form.buttons[0],
      new Map(Object.entries({ username: user, password: user })),
    );
  }
  if (page.arrived === undefined) {
    throw new Error(`stuck at ${page.url} (${String(page.status)}): ${page.answer.body.slice(-800)}`);
  }
  const location = new URL(page.arrived);
  noteSecretsIn(location.searchParams);
  return { code: location.searchParams.get('code') ?? '', asked, location };
}

/** Links, and redeems as Alexa does. */
export async function household(
  federation: Federation,
  connector: string,
  client: Client = FIRST,
  user?: string,
): Promise<Visit & { readonly access: string; readonly refresh: string }> {
  const seen = await visit(federation, connector, client, user);
  const { body } = await redeem(federation.broker, client, seen.code);
  return { ...seen, access: String(body['access_token']), refresh: String(body['refresh_token']) };
}

import { PhoneBrowser, type Page } from '@linkbroker/simulator';
import { eventually, freePort } from '@linkbroker/testing';
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { startNodeUpstream } from './support/node-upstream.js';
import { startPythonUpstream } from './support/python-upstream.js';
import { scratchStores, startStage, type Stage } from './support/stage.js';
import { findPython } from './support/tools.js';

const REDIRECT = 'https://layla.amazon.com/api/skill/link/M3KVOEXUO4ALBL';
const ALEXA = { clientId: 'alexa-upstreams', clientSecret: 'skill-secret' };
const BACKEND = { clientId: 'upstreams-backend', clientSecret: 'backend-secret' };
const CLIENT = { clientId: 'broker', clientSecret: 'upstream-secret-0123456789' };

const python = await findPython();
const stores = scratchStores();
let stage: Stage;
let userinfo: Readonly<Record<string, string>>;
const closing: (() => Promise<void>)[] = [];

const config = (node: string, django: string): string => `
tenants:
  - slug: upstreams
    name: Upstreams
    connectors:
      - { slug: node, provider: oidc, issuer: "${node}", clientId: ${CLIENT.clientId}, clientSecret: ${CLIENT.clientSecret} }
      - { slug: django, provider: oidc, issuer: "${django}/o", clientId: ${CLIENT.clientId}, clientSecret: ${CLIENT.clientSecret}, scopes: [openid, read], endpoints: { revocation: "${django}/o/revoke_token/" } }
      - { slug: plain, provider: oauth2, clientId: ${CLIENT.clientId}, clientSecret: ${CLIENT.clientSecret}, scopes: [openid, read], endpoints: { authorization: "${django}/o/authorize/", token: "${django}/o/token/", userinfo: "${django}/o/userinfo/", revocation: "${django}/o/revoke_token/" } }
    skills:
      - { slug: all, name: All, clientId: ${ALEXA.clientId}, clientSecret: ${ALEXA.clientSecret}, vendorId: M3KVOEXUO4ALBL, connectors: [node, django, plain], backend: { clientId: ${BACKEND.clientId}, clientSecret: ${BACKEND.clientSecret} } }
`;

beforeAll(async () => {
  const [brokerPort, nodePort, pythonPort] = [await freePort(), await freePort(), await freePort()];
  const callbacks = ['node', 'django', 'plain'].map(
    (slug) => `http://localhost:${String(brokerPort)}/callback/upstreams/${slug}`,
  );
  const client = { ...CLIENT, redirectUris: callbacks };
  const node = await startNodeUpstream(nodePort, client);
  closing.push(node.close);
  const django = python.found ? await startPythonUpstream(python.found, pythonPort, client) : undefined;
  if (django) closing.push(django.close);
  stage = await startStage(stores, { brokerPort, upstreamPorts: [nodePort, pythonPort] });
  closing.unshift(stage.close);
  const djangoUrl = `http://localhost:${String(pythonPort)}`;
  await stage.apply(config(node.url, djangoUrl));
  await stage.startWorker();
  userinfo = { node: `${node.url}/me`, django: `${djangoUrl}/o/userinfo/`, plain: `${djangoUrl}/o/userinfo/` };
}, 90_000);
afterAll(async () => {
  for (const close of closing) await close();
});

/** Signs in at whatever page the provider shows, to the redirect back to Alexa. */
async function link(connector: string): Promise<string> {
  const stopAt = (url: string): boolean => url.startsWith('https://layla.amazon.com/');
  const browser = new PhoneBrowser({ now: Date.now, stopAt, onHop: () => undefined, deadlineMs: 10_000 });
  const query = { client_id: ALEXA.clientId, response_type: 'code', redirect_uri: REDIRECT, state: randomUUID() };
  let page: Page = await browser.open(`${stage.brokerUrl}/oauth/authorize?${new URLSearchParams(query).toString()}`);
  const filled = new Map(Object.entries({ username: 'alice', login: 'alice', password: 'alice' }));
  for (let step = 0; step < 6 && page.arrived === undefined; step += 1) {
    const named = page.forms.find((form) => form.buttons.some(({ value }) => value === connector)) ?? page.forms[0];
    if (!named) break;
    const button = named.buttons.find(({ value }) => value === connector) ?? named.buttons[0];
    page = await browser.submit(page, named, button, filled);
  }
  if (page.arrived === undefined) throw new Error(`stuck at ${page.url}: ${page.answer.body.slice(0, 800)}`);
  return new URL(page.arrived).searchParams.get('code') ?? '';
}

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function ask(path: string, client: typeof ALEXA, form: Record<string, string>): Promise<Answer> {
  const { clientId, clientSecret } = client;
  const body = new URLSearchParams({ ...form, client_id: clientId, client_secret: clientSecret });
  const response = await fetch(`${stage.brokerUrl}${path}`, { method: 'POST', body });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const release = (subjectToken: unknown): Promise<Answer> =>
  ask('/oauth/token', BACKEND, {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: String(subjectToken),
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  });

const accepted = async (connector: string, token: unknown): Promise<boolean> =>
  (await fetch(userinfo[connector] ?? '', { headers: { authorization: `Bearer ${String(token)}` } })).ok;

const cases = [
  ['npm oidc-provider', 'node', true],
  ['Django OAuth Toolkit as an OpenID provider', 'django', python.found !== null],
  ['Django OAuth Toolkit as plain OAuth 2.0', 'plain', python.found !== null],
] as const;

describe.each(cases)('%s', (_name, connector, present) => {
  const there = present ? test : test.skip;

  there(
    'links, releases its token, renews it, and is revoked after the last link',
    async () => {
      const first = await ask('/oauth/token', ALEXA, {
        grant_type: 'authorization_code',
        code: await link(connector),
        redirect_uri: REDIRECT,
      });
      expect(first.status).toBe(200);
      const released = await release(first.body['access_token']);
      expect([released.status, released.body['error']]).toEqual([200, undefined]);
      expect(await accepted(connector, released.body['access_token'])).toBe(true);

      const renewed = await eventually('another access token', async () => {
        const { status, body } = await release(first.body['access_token']);
        expect(status).toBe(200);
        return body['access_token'] === released.body['access_token'] ? undefined : body['access_token'];
      });
      expect(await accepted(connector, renewed)).toBe(true);

      await ask('/oauth/revoke', ALEXA, { token: String(first.body['refresh_token']) });
      expect((await release(first.body['access_token'])).status).toBe(400);
      const database = new Client({ connectionString: stores.databaseUrl });
      await database.connect();
      try {
        const due = `UPDATE linkbroker.upstream_revocations SET next_attempt_at = now() WHERE state = 'held' RETURNING id`;
        const { rows } = await database.query<{ id: string }>(due);
        expect(rows).toHaveLength(1);
        const state = 'SELECT state, last_error FROM linkbroker.upstream_revocations WHERE id = $1';
        await eventually('the revocation to be carried out', async () => {
          const found = await database.query<{ state: string; last_error: string | null }>(state, [rows[0]?.id]);
          const [row] = found.rows;
          if (row?.last_error) throw new Error(row.last_error);
          return row?.state === 'done' ? row.state : undefined;
        });
      } finally {
        await database.end();
      }
    },
    60_000,
  );
});

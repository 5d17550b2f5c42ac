import { PhoneBrowser } from '@linkbroker/simulator';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as oauth from 'oauth4webapi';
import { scratchStores, startStage, type Stage } from './support/stage.js';
import { findPython } from './support/tools.js';

const REDIRECT = 'https://layla.amazon.com/api/skill/link/M3KVOEXUO4ALBL';
const insecure = { [oauth.allowInsecureRequests]: true };
const run = promisify(execFile);

let stage: Stage;
beforeAll(async () => {
  stage = await startStage(scratchStores());
}, 60_000);
afterAll(() => stage.close());

/** Plays the household: from an authorization address to the redirect back, which is not fetched. */
async function household(authorize: string): Promise<string> {
  const stopAt = (url: string): boolean => url.startsWith('https://layla.amazon.com/');
  const browser = new PhoneBrowser({ now: Date.now, stopAt, onHop: () => undefined, deadlineMs: 10_000 });
  let page = await browser.open(authorize);
  for (let step = 0; step < 4 && page.arrived === undefined; step += 1) {
    const form = page.forms[0]!;
    const filled = new Map([
      ['username', 'alice'],
      ['password', 'alice'],
    ]);
    page = await browser.submit(page, form, form.buttons[0], filled);
  }
  return page.arrived ?? `stuck at ${page.url}: ${page.answer.body.slice(0, 500)}`;
}

describe.each(['ClientSecretBasic', 'ClientSecretPost'] as const)('npm oauth4webapi with %s', (method) => {
  test('discovers, links with PKCE, refreshes, introspects and revokes', async () => {
    const issuer = new URL(stage.brokerUrl);
    const server = await oauth.processDiscoveryResponse(
      issuer,
      await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure }),
    );
    const { clientId, clientSecret } = stage.skill;
    const client: oauth.Client = { client_id: clientId };
    const auth = oauth[method](clientSecret);
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const authorize = new URL(server.authorization_endpoint!);
    authorize.search = new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      redirect_uri: REDIRECT,
      scope: 'lights',
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }).toString();
    const callback = new URL(await household(authorize.href));
    const parameters = oauth.validateAuthResponse(server, client, callback, state);
    const exchange = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      auth,
      parameters,
      REDIRECT,
      verifier,
      insecure,
    );
    const first = await oauth.processAuthorizationCodeResponse(server, client, exchange);
    const refreshing = await oauth.refreshTokenGrantRequest(server, client, auth, first.refresh_token!, insecure);
    const second = await oauth.processRefreshTokenResponse(server, client, refreshing);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    const active = async (token: string): Promise<boolean> => {
      const response = await oauth.introspectionRequest(server, client, auth, token, insecure);
      return (await oauth.processIntrospectionResponse(server, client, response)).active;
    };
    expect(await active(second.access_token)).toBe(true);
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(server, client, auth, second.refresh_token!, insecure),
    );
    expect(await active(second.access_token)).toBe(false);
    const dead = oauth.refreshTokenGrantRequest(server, client, auth, second.refresh_token!, insecure);
    await expect(
      dead.then((response) => oauth.processRefreshTokenResponse(server, client, response)),
    ).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });
});

/** `npm test` finds or fetches it; where there is no apt it says why and this is skipped. */
const python = await findPython();
const inPython = python.found ? test : test.skip;

describe(`python3-requests-oauthlib${python.found ? '' : ` (skipped: ${python.reason ?? 'none'})`}`, () => {
  inPython('links and refreshes', async () => {
    if (!python.found) throw new Error('skipped, or found');
    const { found } = python;
    const script = fileURLToPath(new URL('../python/client.py', import.meta.url));
    const env = { ...process.env, ...found.env, OAUTHLIB_INSECURE_TRANSPORT: '1' };
    const client = async (...args: string[]): Promise<Record<string, string>> => {
      const { clientId, clientSecret } = stage.skill;
      const common = [script, stage.brokerUrl, clientId, clientSecret, REDIRECT];
      const { stdout } = await run(found.python, [...common, ...args], { env });
      return JSON.parse(stdout) as Record<string, string>;
    };
    const { authorize, state } = await client('authorize');
    const callback = await household(authorize!);
    const result = await client('redeem', state!, callback);
    expect(result).toEqual({ expires_in: 3600, rotated: true, token_type: 'Bearer' });
  });
});

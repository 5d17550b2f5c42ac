import * as oauth from 'oauth4webapi';
import { PhoneBrowser, type Page } from '../src/link/phone-browser.js';
import { upstreamClient, type World } from './world.js';

export const client: oauth.Client = { client_id: upstreamClient.clientId };
export const insecure = { [oauth.allowInsecureRequests]: true };
export const basic = oauth.ClientSecretBasic(upstreamClient.clientSecret);

export interface Begun {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
  readonly url: URL;
}

export const arrivedAt = (page: Page): URL => new URL(page.arrived ?? 'nowhere:');

export async function signIn(browser: PhoneBrowser, page: Page, username: string, password = username): Promise<Page> {
  const form = page.forms[0];
  if (!form) throw new Error('no form');
  return browser.submit(page, form, form.buttons[0], new Map(Object.entries({ username, password })));
}

/** A client of the simulated provider, made of oauth4webapi, and the browsers of its users. */
export class UpstreamRelyingParty {
  private constructor(
    private readonly world: World,
    readonly server: oauth.AuthorizationServer,
  ) {}

  static async discover(world: World): Promise<UpstreamRelyingParty> {
    const issuer = new URL(`${world.simulatorUrl}/oidc`);
    const answer = await oauth.discoveryRequest(issuer, insecure);
    return new UpstreamRelyingParty(world, await oauth.processDiscoveryResponse(issuer, answer));
  }

  get callback(): string {
    return `${this.world.broker.url}/callback/other/one`;
  }

  createBrowser(): PhoneBrowser {
    const stopAt = (url: string) => url.startsWith(this.world.broker.url);
    return new PhoneBrowser({ now: Date.now, stopAt, onHop: () => undefined, deadlineMs: 5000 });
  }

  /** An authorization request, with some parameters changed or left out. */
  async begin(change: Record<string, string | undefined> = {}): Promise<Begun> {
    const verifier = oauth.generateRandomCodeVerifier();
    const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
    const url = new URL(this.server.authorization_endpoint ?? '');
    const params: Record<string, string | undefined> = {
      client_id: client.client_id,
      response_type: 'code',
      scope: 'openid profile email offline_access',
      redirect_uri: this.callback,
      state,
      nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...change,
    };
    for (const [name, value] of Object.entries(params)) if (value !== undefined) url.searchParams.set(name, value);
    return { verifier, state, nonce, url };
  }

  exchange(begun: Begun, arrived: URL, auth = basic, verifier = begun.verifier): Promise<Response> {
    const params = oauth.validateAuthResponse(this.server, client, arrived, begun.state);
    return oauth.authorizationCodeGrantRequest(this.server, client, auth, params, this.callback, verifier, insecure);
  }

  read(begun: Begun, answer: Response): Promise<oauth.TokenEndpointResponse> {
    const expected = { expectedNonce: begun.nonce, requireIdToken: true };
    return oauth.processAuthorizationCodeResponse(this.server, client, answer, expected);
  }

  refresh(token: string): Promise<Response> {
    return oauth.refreshTokenGrantRequest(this.server, client, basic, token, insecure);
  }

  userInfo(accessToken: string): Promise<Response> {
    return oauth.userInfoRequest(this.server, client, accessToken, insecure);
  }

  /** From the first request to the code, in a browser of its own. */
  async arrive(username: string, change: Record<string, string | undefined> = {}) {
    const browser = this.createBrowser();
    const begun = await this.begin(change);
    const arrived = arrivedAt(await signIn(browser, await browser.open(begun.url.href), username));
    return { browser, begun, arrived };
  }

  async logIn(username: string, change: Record<string, string | undefined> = {}) {
    const { browser, begun, arrived } = await this.arrive(username, change);
    return { browser, begun, tokens: await this.read(begun, await this.exchange(begun, arrived)) };
  }
}

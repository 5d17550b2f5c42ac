import { PhoneBrowser, type Page } from '@linkbroker/simulator';
import { noteSecret, noteSecretsIn } from '@linkbroker/testing';
import { REDIRECT, type TestBroker } from './test-broker.js';

/** Which addresses a phone's browser looks at without fetching them: Alexa's, unless a test says otherwise. */
export interface Phone {
  stopAt: (url: string) => boolean;
}

export const atAlexa = (url: string): boolean => new URL(url).hostname.endsWith('amazon.com');

/** A browser on a household's phone. */
export function phone(settings: Phone = { stopAt: atAlexa }): PhoneBrowser {
  const stopAt = (url: string): boolean => settings.stopAt(url);
  return new PhoneBrowser({ now: Date.now, stopAt, onHop: () => undefined, deadlineMs: 10_000 });
}

export function authorizeUrl(broker: TestBroker, change: Record<string, string | undefined> = {}): string {
  const parameters: Record<string, string | undefined> = {
    client_id: 'alexa-lights',
    response_type: 'code',
    scope: 'lights',
    redirect_uri: REDIRECT,
    state: 'Amas+/state==',
    ...change,
  };
  noteSecretsIn(parameters);
  const query = Object.entries(parameters)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `${broker.url}/oauth/authorize?${query.join('&')}`;
}

/** Presses the button of a form that has one of this name and value. */
export function press(browser: PhoneBrowser, page: Page, name: string, value?: string): Promise<Page> {
  for (const form of page.forms) {
    const button = form.buttons.find((candidate) => candidate.name === name && (!value || candidate.value === value));
    if (button) return browser.submit(page, form, button, new Map());
  }
  throw new Error(`no button ${name} on ${page.url} (${page.status}): ${page.answer.body.slice(0, 500)}`);
}

/** Signs in at the provider's development pages: a login form, then a consent form. */
export async function signIn(browser: PhoneBrowser, page: Page, user: string): Promise<Page> {
  let current = page;
  for (let step = 0; step < 5 && current.arrived === undefined; step += 1) {
    const form = current.forms.find((candidate) => candidate.fields.some((field) => field.name === 'prompt'));
    if (!form) return current;
    const filled = new Map([
      ['login', user],
      ['password', user],
    ]);
    current = await browser.submit(current, form, form.buttons[0], filled);
  }
  return current;
}

export interface Linked {
  readonly code: string;
  readonly location: URL;
}

/** Links as a household does, up to the redirect to Alexa. */
export async function link(broker: TestBroker, url = authorizeUrl(broker), user = 'alice'): Promise<Linked> {
  const browser = phone();
  const chosen = await press(browser, await browser.open(url), 'connector', 'home');
  const end = await signIn(browser, chosen, user);
  if (end.arrived === undefined)
    throw new Error(`stuck at ${end.url} (${end.status}): ${end.answer.body.slice(0, 800)}`);
  const location = new URL(end.arrived);
  noteSecretsIn(location.searchParams);
  return { code: location.searchParams.get('code') ?? '', location };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** Posts a form to a machine endpoint; `basic` is the Authorization header's user and password. */
export async function post(
  broker: TestBroker,
  path: string,
  form: Record<string, string> | string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const body = typeof form === 'string' ? form : new URLSearchParams(form).toString();
  const response = await fetch(`${broker.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body,
  });
  const answer = (await response.json()) as Record<string, unknown>;
  for (const exchanged of [new URLSearchParams(body), answer]) noteSecretsIn(exchanged);
  return { status: response.status, headers: response.headers, body: answer };
}

export const basic = (id: string, secret: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${id}:${noteSecret('client secret', secret)}`).toString('base64')}`,
});

export interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
}

const bodyCredentials = ({ clientId, clientSecret }: Client) => ({ client_id: clientId, client_secret: clientSecret });

export const redeem = (
  broker: TestBroker,
  client: Client,
  code: string,
  change: Record<string, string> = {},
): Promise<Answer> =>
  post(broker, '/oauth/token', {
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT,
    ...bodyCredentials(client),
    ...change,
  });

export const refresh = (broker: TestBroker, client: Client, refreshToken: string): Promise<Answer> =>
  post(broker, '/oauth/token', {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    ...bodyCredentials(client),
  });

export const introspect = (broker: TestBroker, client: Client, token: string): Promise<Answer> =>
  post(broker, '/oauth/introspect', { token, ...bodyCredentials(client) });

export const revoke = (broker: TestBroker, client: Client, token: string): Promise<Answer> =>
  post(broker, '/oauth/revoke', { token, ...bodyCredentials(client) });

/** Asks for the upstream's token, as a skill's own server does. */
export const exchange = (
  broker: TestBroker,
  client: Client,
  subjectToken: string,
  change: Record<string, string> = {},
): Promise<Answer> =>
  post(
    broker,
    '/oauth/token',
    {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: subjectToken,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      ...change,
    },
    basic(client.clientId, client.clientSecret),
  );

/** A linked account's first pair. */
export async function linked(
  broker: TestBroker,
  client: Client,
  url?: string,
): Promise<{ access: string; refresh: string }> {
  const { code } = await link(broker, url);
  const { body } = await redeem(broker, client, code);
  return { access: String(body['access_token']), refresh: String(body['refresh_token']) };
}

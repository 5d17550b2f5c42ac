import { PhoneBrowser, type Page } from '../src/link/phone-browser.js';
import type { SimulatorOptions } from '../src/create-simulator.js';
import type { ModelClient } from '../src/models/clients.js';
import type { Model, ModelName } from '../src/models/model.js';
import { startWorld, type World } from './world.js';
import { arrivedAt, signIn } from './upstream-relying-party.js';

export const callback = 'https://broker.example/callback/demo/one';

export interface JsonAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Empty when the body is no JSON object. */
  readonly json: Record<string, unknown>;
}

type Form = Readonly<Record<string, string>>;

export const credentials = { client_id: 'app', client_secret: 'app secret' } as const;

export const basicHeader = (id = 'app', secret = 'app secret'): string =>
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`;

function readJson(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

export interface ModelPaths {
  readonly authorize: string;
  readonly token: string;
  /** What every authorization request of the spec has. */
  readonly params?: Form;
}

/** A client of one model, in a world of its own, and its users' browsers. The clock stands still until it is moved. */
export class ModelParty {
  readonly model: Model;

  private constructor(
    readonly world: World,
    private readonly name: ModelName,
    private readonly paths: ModelPaths,
  ) {
    this.model = world.simulator.models[name];
  }

  static async start(
    name: ModelName,
    paths: ModelPaths,
    flags: Partial<ModelClient> = {},
    options: Partial<SimulatorOptions> = {},
  ): Promise<ModelParty> {
    const party = new ModelParty(await startWorld({}, options), name, paths);
    party.register(flags);
    return party;
  }

  /** Starts over with one client, which may have flags. */
  register(flags: Partial<ModelClient> = {}): void {
    this.model.reset();
    this.world.simulator.faults.clear();
    this.addClient('app', flags);
  }

  addClient(clientId: string, flags: Partial<ModelClient> = {}): void {
    const secret = hasSecret(this.name) ? { clientSecret: credentials.client_secret } : {};
    this.model.clients.register({ clientId, ...secret, redirectUris: [callback], ...flags });
  }

  get origin(): string {
    return `${this.world.simulatorUrl}/${this.name}`;
  }

  /** Lets this many seconds pass. */
  pass(seconds: number): void {
    this.model.setClock(this.model.offsetSeconds + seconds);
  }

  authorizeUrl(change: Readonly<Record<string, string | undefined>> = {}): string {
    const url = new URL(this.origin + this.paths.authorize);
    const params: Record<string, string | undefined> = {
      client_id: credentials.client_id,
      response_type: 'code',
      redirect_uri: callback,
      state: 's+t/a=te',
      ...this.paths.params,
      ...change,
    };
    for (const [key, value] of Object.entries(params)) if (value !== undefined) url.searchParams.set(key, value);
    return url.href;
  }

  browser(userAgent?: string): PhoneBrowser {
    const stopAt = (url: string) => url.startsWith('https://broker.example/');
    const common = { now: Date.now, stopAt, onHop: () => undefined, deadlineMs: 5000 };
    return new PhoneBrowser(userAgent === undefined ? common : { ...common, userAgent });
  }

  /** The page after signing in. */
  async page(change: Readonly<Record<string, string | undefined>> = {}, username = 'alice'): Promise<Page> {
    const browser = this.browser();
    return signIn(browser, await browser.open(this.authorizeUrl(change)), username);
  }

  /** The parameters with which the browser comes back. */
  async arrive(
    change: Readonly<Record<string, string | undefined>> = {},
    username = 'alice',
  ): Promise<URLSearchParams> {
    return arrivedAt(await this.page(change, username)).searchParams;
  }

  async code(change: Readonly<Record<string, string | undefined>> = {}, username = 'alice'): Promise<string> {
    return (await this.arrive(change, username)).get('code') ?? '';
  }

  async call(method: string, path: string, init: RequestInit = {}): Promise<JsonAnswer> {
    const answer = await fetch(this.origin + path, { method, ...init });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, json: readJson(text) };
  }

  /** A call of the token endpoint. */
  token(form: Form, init: RequestInit = {}): Promise<JsonAnswer> {
    return this.call('POST', this.paths.token, { body: new URLSearchParams(form), ...init });
  }

  redeem(code: string, change: Form = {}, init: RequestInit = {}): Promise<JsonAnswer> {
    const form = { grant_type: 'authorization_code', code, redirect_uri: callback };
    return this.token({ ...credentials, ...form, ...change }, init);
  }

  refresh(token: string, change: Form = {}, init: RequestInit = {}): Promise<JsonAnswer> {
    return this.token({ ...credentials, grant_type: 'refresh_token', refresh_token: token, ...change }, init);
  }

  /** Signs in and redeems the code. */
  async tokens(
    change: Readonly<Record<string, string | undefined>> = {},
    username = 'alice',
  ): Promise<Record<string, unknown>> {
    return (await this.redeem(await this.code(change, username))).json;
  }

  bearer(path: string, token: unknown, init: RequestInit = {}): Promise<JsonAnswer> {
    return this.call('GET', path, { headers: { authorization: `Bearer ${String(token)}` }, ...init });
  }

  close(): Promise<void> {
    return this.world.close();
  }
}

/** Apple's clients sign their secrets. */
const hasSecret = (name: ModelName): boolean => name !== 'apple';

import { PhoneBrowser, type Page } from '@linkbroker/simulator';
import { eventually, watchOutput } from '@linkbroker/testing';
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { scratchStores, startStage, type Stage } from './stage.js';

/** What the admin app's API answers about a timeline. */
export interface Told {
  readonly link: { readonly id: string } | null;
  readonly reference: string | null;
  readonly entries: readonly {
    readonly name: string;
    readonly ms: number | null;
    readonly outcome: string | null;
    readonly data: Readonly<Record<string, unknown>>;
  }[];
  readonly causes: readonly {
    readonly id: string;
    readonly severity: string;
    readonly evidence: string;
    readonly rules: readonly string[];
    readonly remedy: string;
    readonly symptom: string;
  }[];
}

const VENDOR = 'M3KVOEXUO4ALBL';
/** The one redirect URI of the skill. */
export const PITANGUI = `https://pitangui.amazon.com/api/skill/link/${VENDOR}`;
export const LAYLA = `https://layla.amazon.com/api/skill/link/${VENDOR}`;
const DEADLINE_MS = 10_000;

/** A tenant whose skill can be told wrong things, and connectors that are set up wrongly. */
export const wrongly = (simulatorUrl: string): string => `
tenants:
  - slug: wrong
    name: Wrong
    connectors:
      - { slug: home, name: Home, provider: oidc, issuer: "${simulatorUrl}/oidc", clientId: linkbroker-demo, clientSecret: upstream-secret, scopes: [openid, offline_access] }
      - { slug: secret, name: Secret, provider: oidc, issuer: "${simulatorUrl}/oidc", clientId: linkbroker-demo, clientSecret: not-the-secret, scopes: [openid, offline_access] }
      - { slug: brief, name: Brief, provider: oidc, issuer: "${simulatorUrl}/oidc", clientId: linkbroker-demo, clientSecret: upstream-secret, scopes: [openid] }
    skills:
      - { slug: lamps, name: Lamps, clientId: alexa-lamps, clientSecret: lamps-secret-2, redirectUris: ["${PITANGUI}"], connectors: [home, secret, brief] }
`;
/** Alexa's. */
export const SECRET = 'lamps-secret-2';

/** A stage with an admin app, and what a household does on it. */
export class TimelineWorld {
  private readonly database: Client;
  /** What a test looks for came after its beginning. */
  private began = new Date();

  private constructor(
    readonly stage: Stage,
    private readonly admin: { readonly url: string; readonly operatorKey: string },
    databaseUrl: string,
  ) {
    this.database = new Client({ connectionString: databaseUrl });
  }

  static async start(): Promise<TimelineWorld> {
    const stores = scratchStores();
    const stage = await startStage(stores);
    await stage.apply(wrongly(stage.simulatorUrl));
    const world = new TimelineWorld(stage, await stage.startAdmin(), stores.databaseUrl);
    await world.database.connect();
    return world;
  }

  async close(): Promise<void> {
    await this.database.end();
    await this.stage.close();
  }

  begin(): void {
    this.began = new Date();
    this.stage.simulator.faults.clear();
  }

  sql(text: string): Promise<unknown> {
    return this.database.query(text);
  }

  phone(): { readonly browser: PhoneBrowser; readonly hops: string[] } {
    const hops: string[] = [];
    const browser = new PhoneBrowser({
      now: Date.now,
      stopAt: (url) => url.startsWith('https://pitangui.amazon.com/') || url.startsWith('https://layla.amazon.com/'),
      onHop: ({ location }) => {
        if (location) hops.push(location);
      },
      deadlineMs: DEADLINE_MS,
    });
    return { browser, hops };
  }

  authorizeUrl(change: Record<string, string> = {}): string {
    const query = { client_id: 'alexa-lamps', response_type: 'code', redirect_uri: PITANGUI, state: randomUUID() };
    return `${this.stage.brokerUrl}/oauth/authorize?${new URLSearchParams({ ...query, ...change }).toString()}`;
  }

  /** A whole link in the browser, through the connector at this place. */
  async link(change: Record<string, string> = {}, at = 0): Promise<{ code: string; reference: string }> {
    const { browser } = this.phone();
    const login = await press(browser, await browser.open(this.authorizeUrl(change)), at);
    const { arrived } = await signIn(browser, login);
    await this.recorded('code.issued');
    return { code: new URL(arrived ?? '').searchParams.get('code') ?? '', reference: await this.newest() };
  }

  redeem(code: string, change: Record<string, string> = {}): Promise<Response> {
    return this.askTokens({ grant_type: 'authorization_code', code, redirect_uri: PITANGUI, ...change });
  }

  askTokens(form: Record<string, string>): Promise<Response> {
    const body = new URLSearchParams({ client_id: 'alexa-lamps', client_secret: SECRET, ...form });
    return fetch(`${this.stage.brokerUrl}/oauth/token`, { method: 'POST', body });
  }

  async ask(path: string): Promise<{ status: number; body: Told; text: string }> {
    const response = await this.askAs(path, `Bearer ${this.admin.operatorKey}`);
    const text = await response.text();
    watchOutput('what the API of admin answers', `${text}\n`);
    return { status: response.status, text, body: (text.startsWith('{') ? JSON.parse(text) : {}) as Told };
  }

  askAs(path: string, authorization: string | undefined): Promise<Response> {
    const headers: Record<string, string> = authorization ? { authorization } : {};
    return fetch(`${this.admin.url}/api/v1/${path}`, { headers });
  }

  async causesOf(reference: string): Promise<string[]> {
    return (await this.ask(`traces?ref=${reference}`)).body.causes.map(({ id }) => id);
  }

  /** The reference of the newest attempt of this test. */
  async newest(): Promise<string> {
    const { rows } = await this.database.query<{ reference: string }>(
      `SELECT reference FROM linkbroker_timeline.entries WHERE name = 'authorize.started' AND at >= $1
       ORDER BY at DESC LIMIT 1`,
      [this.began],
    );
    return rows[0]?.reference ?? '';
  }

  /** Waits for an entry of this test. */
  async recorded(name: string, more = 'true'): Promise<void> {
    await eventually(`${name} on the timeline`, async () => {
      const { rowCount } = await this.database.query(
        `SELECT 1 FROM linkbroker_timeline.entries WHERE name = $1 AND at >= $2 AND ${more}`,
        [name, this.began],
      );
      return (rowCount ?? 0) > 0;
    });
  }

  /** Lets time pass for an attempt: what it did is as long ago. */
  later(reference: string, minutes: number): Promise<unknown> {
    return this.database.query(
      `UPDATE linkbroker_timeline.entries SET at = at - make_interval(mins => $2)
       WHERE reference = $1 OR grant_id IN (SELECT grant_id FROM linkbroker_timeline.entries WHERE reference = $1)`,
      [reference, minutes],
    );
  }
}

/** Presses the button at this place of the page. */
export function press(browser: PhoneBrowser, page: Page, at = 0): Promise<Page> {
  const form = page.forms.find(({ buttons }) => buttons.length > at);
  if (!form) throw new Error(`no button on the page (${String(page.status)})`);
  return browser.submit(page, form, form.buttons[at], new Map());
}

/** Signs alice in at the simulated provider. */
export function signIn(browser: PhoneBrowser, page: Page): Promise<Page> {
  const form = page.forms.find(({ fields }) => fields.some(({ name }) => name === 'password'));
  if (!form) throw new Error('no sign-in here');
  const filled = new Map(['username', 'password'].map((name) => [name, 'alice']));
  return browser.submit(page, form, form.buttons[0], filled);
}

/** What a page tells the household to tell support. */
export const referenceOn = ({ answer }: Page): string =>
  /\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b/.exec(answer.body)?.[0] ?? 'none';

import { redactPath, redactText } from '../http/redact.js';
import { visibleText, type Form, type SubmitButton } from './html-forms.js';
import { judgeLinkPage } from './page-rules.js';
import type { Page, PhoneBrowser } from './phone-browser.js';
import { stuck } from './stuck.js';
import type { Transcript } from './transcript.js';

export interface Household {
  readonly user: string;
  readonly password: string;
  /** Which connector's button is tapped; the first one by default. */
  readonly connector?: string | undefined;
}

/** The end of the walk: the last page, which was a redirect, and the address of Alexa's it led to. */
export interface Arrival {
  readonly page: Page;
  readonly arrived: string;
}

const mostPages = 8;

const field = (form: Form, name: string) => form.fields.find((candidate) => candidate.name === name);
const isSignIn = (form: Form): boolean => Boolean(field(form, 'username') && field(form, 'password'));
/** Buttons that do not lead on: those that refuse, and those of error pages. */
const refusing = /cancel|deny|decline|reject|restart|again|start here|\bno\b/i;

const agreeing = (form: Form): SubmitButton | undefined =>
  form.buttons.find((button) => !refusing.test(`${button.name} ${button.value} ${button.label}`));

/** What a page says, for a transcript: its status and the beginning of its text. */
function describe(page: Page): string {
  return `HTTP ${page.status} ${redactPath(page.url)}: “${redactText(visibleText(page.answer.body), 240) || 'empty'}”`;
}

function findConnector(page: Page, wanted: string | undefined) {
  const all = page.forms.flatMap((form) =>
    form.buttons.filter((button) => button.name === 'connector').map((button) => ({ form, button })),
  );
  if (all.length === 0) return undefined;
  const found = wanted === undefined ? all[0] : all.find(({ button }) => button.value === wanted);
  const offered = all.map(({ button }) => button.value).join(', ');
  if (!found) throw stuck('R36', `no button for the connector ${wanted}; the page offers ${offered}`);
  return found;
}

/** Taps through the pages between the authorization request and the way back to Alexa. */
export class Walk {
  private signedIn = false;

  constructor(
    private readonly browser: PhoneBrowser,
    private readonly transcript: Transcript,
    private readonly household: Household,
    private readonly brokerUrl: string,
  ) {}

  /**
   * @returns the address to which the household was sent back
   * @throws Stuck, NoAnswer, TooManyRedirects
   */
  async toAlexa(authorizeUrl: string): Promise<Arrival> {
    let page = await this.browser.open(authorizeUrl);
    for (let count = 0; count < mostPages; count += 1) {
      if (page.arrived !== undefined) return { page, arrived: page.arrived };
      this.judge(page);
      page = await this.leave(page);
    }
    throw stuck('R57', `after ${mostPages} pages the household is still not back at Alexa`);
  }

  private judge(page: Page): void {
    if (page.status !== 200) throw stuck('R57', describe(page));
    if (new URL(page.url).origin === new URL(this.brokerUrl).origin) this.transcript.findings(judgeLinkPage(page));
  }

  private leave(page: Page): Promise<Page> {
    const connector = findConnector(page, this.household.connector);
    if (connector) {
      const { form, button } = connector;
      this.transcript.step(`The household taps “${button.label || button.value}”`);
      return this.browser.submit(page, form, button, new Map());
    }
    const signIn = page.forms.find(isSignIn);
    if (signIn) return this.signIn(page, signIn);
    const form = page.forms.find((candidate) => agreeing(candidate));
    const button = form && agreeing(form);
    if (!form || !button) throw stuck('R57', `a page with nothing to tap. ${describe(page)}`);
    this.transcript.step(`The household taps “${button.label}”`);
    return this.browser.submit(page, form, button, new Map());
  }

  private signIn(page: Page, form: Form): Promise<Page> {
    if (this.signedIn) throw stuck('R57', `signing in as ${this.household.user} failed. ${describe(page)}`);
    this.signedIn = true;
    this.transcript.step(`${this.household.user} signs in at ${new URL(page.url).host}`);
    const filled = new Map([
      ['username', this.household.user],
      ['password', this.household.password],
    ]);
    return this.browser.submit(page, form, agreeing(form), filled);
  }
}

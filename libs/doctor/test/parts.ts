import type { Seen } from '../src/index.js';

/** A token answer before it is written. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: Readonly<Record<string, unknown>>;
  /** Instead of the JSON. */
  readonly text?: string;
}

export interface Grant {
  generation: number;
  dead: boolean;
  /** How often which generation was presented. */
  readonly presented: Map<number, number>;
}

export interface AuthorizeRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly state: string | undefined;
  readonly challenge: string | null;
}

/** What the skill's handler does with a directive that it can read. */
export interface Handler {
  /** Codes that Login with Amazon redeems. */
  readonly redeems: (code: string) => boolean;
  readonly answer: (event: HandlerEvent) => { readonly status: number; readonly text: string; readonly took?: number };
  readonly hangs: boolean;
}

export interface HandlerEvent {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** What the server does at each place where a fault can be. */
export interface Parts {
  readonly redirectUris: readonly string[];
  readonly acceptsRedirectUri: (uri: string) => boolean;
  readonly acceptsClient: (clientId: string) => boolean;
  /** Whether somebody has to sign in before the request is looked at. */
  readonly asksFirst: boolean;
  readonly refuses: 'on a page' | 'by redirect' | 'unknown clients';
  readonly longestState: number;
  readonly readsPlusAsSpace: boolean;
  readonly page: (handle: string) => string;
  readonly endsOnPage: boolean;
  readonly redirectStatus: number;
  readonly location: (request: AuthorizeRequest, code: string) => string;
  /** The state that a refusal by redirect carries; null: it stays on a page. */
  readonly refusalState: (state: string | undefined) => string | null | undefined;
  readonly codeLength: number;
  readonly acceptsCode: boolean;
  readonly singleUse: boolean;
  readonly replayKills: boolean;
  readonly bindsCode: boolean;
  readonly acceptsVerifier: (sent: string | null, right: boolean) => boolean;
  readonly acceptsRefresh: (grant: Grant, generation: number) => boolean;
  readonly checksSecret: boolean;
  readonly schemes: readonly ('basic' | 'body')[];
  readonly exactType: boolean;
  readonly refusesUnknown: boolean;
  readonly refreshEndsAccess: boolean;
  readonly bindsClient: boolean;
  /** What a browser would notice; the tests' sign-in believes it. */
  readonly seen: Seen;
  readonly handler: Handler;
  readonly tokenAnswer: (answer: Answer, form: URLSearchParams) => Answer;
}

/** A code that Login with Amazon gave, in these tests. */
export const REAL_CODE = 'a-code-of-login-with-amazon';

const VENDOR = 'M3KVOEXUO4ALBL';
const REDIRECT_URIS = ['layla.amazon.com', 'pitangui.amazon.com', 'alexa.amazon.co.jp'].map(
  (host) => `https://${host}/api/skill/link/${VENDOR}`,
);

function buildLocation({ redirectUri, state }: AuthorizeRequest, code: string): string {
  const tail = state === undefined ? '' : `&state=${encodeURIComponent(state)}`;
  return `${redirectUri}?code=${code}${tail}`;
}

/** A server without faults. */
export const RIGHT: Parts = {
  redirectUris: REDIRECT_URIS,
  acceptsRedirectUri: (uri) => REDIRECT_URIS.includes(uri),
  acceptsClient: (clientId) => clientId === 'alexa',
  asksFirst: false,
  refuses: 'on a page',
  longestState: 4_000,
  readsPlusAsSpace: false,
  page: (handle) =>
    `<!doctype html><meta name="viewport" content="width=device-width"><form method="post" action="/approve/${handle}"><button>Sign in</button></form>`,
  endsOnPage: false,
  redirectStatus: 302,
  location: buildLocation,
  refusalState: (state) => state,
  codeLength: 24,
  acceptsCode: true,
  singleUse: true,
  replayKills: false,
  bindsCode: true,
  acceptsVerifier: (_, right) => right,
  acceptsRefresh: () => true,
  checksSecret: true,
  schemes: ['basic', 'body'],
  exactType: false,
  refusesUnknown: false,
  refreshEndsAccess: false,
  bindsClient: true,
  seen: { otherHosts: [], windows: [], blocked: [], insecure: [], errors: [], cookieOctets: 120, width: 390 },
  handler: {
    redeems: (code) => code === REAL_CODE,
    answer: (event) => ({ status: 200, text: JSON.stringify({ event }) }),
    hangs: false,
  },
  tokenAnswer: (answer) => answer,
};

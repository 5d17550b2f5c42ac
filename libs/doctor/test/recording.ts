/** One entry of a recording before it is written. */
export interface Step {
  readonly method?: string;
  readonly url: string;
  readonly status?: number;
  readonly location?: string;
  readonly page?: string;
  readonly kind?: string;
  readonly referrer?: string;
  readonly cookie?: string;
  readonly csp?: string;
  readonly ms?: number;
  /** Milliseconds after the entry before. */
  readonly after?: number;
}

/** Values that must not come out, wherever they stand. */
export const SECRETS = {
  state: 'Amas-secret-state/+=with-signs',
  code: 'secret-code-of-the-recording',
  cookie: 'session=secret-cookie-value',
  password: 'secret-password',
  path: 'secret-path-of-a-session',
  token: 'secret-access-token-of-implicit',
  vendor: 'M3KVOEXUO4ALBL',
} as const;

export const RECORDED_TARGET = {
  authorizeUrl: 'https://id.example.com/oauth/authorize',
  clientId: 'alexa-lights',
  domains: ['cdn.example.com', 'accounts.example.net'],
};

export const REDIRECT_URI = `https://layla.amazon.com/api/skill/link/${SECRETS.vendor}`;
export const IMPLICIT_URI = `https://layla.amazon.com/spa/skill/account-linking-status.html?vendorId=${SECRETS.vendor}`;

const encode = encodeURIComponent;
export const AUTHORIZE = `${RECORDED_TARGET.authorizeUrl}?client_id=alexa-lights&response_type=code&state=${encode(SECRETS.state)}&redirect_uri=${encode(REDIRECT_URI)}`;
export const RETURN = `${REDIRECT_URI}?code=${SECRETS.code}&state=${encode(SECRETS.state)}`;
const LOGIN = `https://id.example.com/login/${SECRETS.path}`;

/** Somebody links in the Alexa app in a browser, and everything is right. */
export const RIGHT_STEPS: readonly Step[] = [
  { url: 'https://alexa.amazon.com/spa/index.html', page: 'page_1' },
  { url: AUTHORIZE, status: 302, location: LOGIN, referrer: 'https://alexa.amazon.com/', page: 'page_2' },
  {
    url: LOGIN,
    cookie: SECRETS.cookie,
    csp: "default-src 'self'; form-action 'self' https://layla.amazon.com https://pitangui.amazon.com",
    page: 'page_2',
  },
  { url: 'https://cdn.example.com/logo.png', kind: 'image', referrer: LOGIN, page: 'page_2' },
  { url: 'data:image/png;base64,AAAA', kind: 'image', page: 'page_2' },
  {
    method: 'POST',
    url: LOGIN,
    status: 303,
    location: AUTHORIZE,
    referrer: LOGIN,
    page: 'page_3',
    cookie: SECRETS.cookie,
  },
  { url: AUTHORIZE, status: 302, location: RETURN, referrer: LOGIN, page: 'page_3', cookie: SECRETS.cookie },
  { url: RETURN, status: 302, location: 'https://layla.amazon.com/api/v1/accountLink/establish', page: 'page_3' },
  { url: 'https://unlisted.amazon.example/', kind: 'image', page: 'page_3' },
];

const headers = (pairs: Readonly<Record<string, string | undefined>>) =>
  Object.entries(pairs).flatMap(([name, value]) => (value === undefined ? [] : { name, value }));

/** A HAR 1.2 of these steps, a second apart. */
export function buildHar(steps: readonly Step[]): string {
  let at = Date.parse('2026-11-22T22:00:00Z');
  const entries = steps.map((step) => {
    at += step.after ?? 1_000;
    const { status = 200, kind = 'document' } = step;
    return {
      startedDateTime: new Date(at).toISOString(),
      time: step.ms ?? 120,
      ...(step.page === undefined ? {} : { pageref: step.page }),
      _resourceType: kind,
      request: {
        method: step.method ?? 'GET',
        url: step.url,
        httpVersion: 'h2',
        headers: headers({ Referer: step.referrer, Cookie: step.cookie }),
        cookies: [],
        queryString: [],
        postData: { mimeType: 'application/x-www-form-urlencoded', text: `password=${SECRETS.password}` },
      },
      response: {
        status,
        headers: headers({ Location: step.location, 'Content-Security-Policy': step.csp, 'Set-Cookie': step.cookie }),
        redirectURL: step.location ?? '',
        content: { size: 1, mimeType: 'text/html', text: SECRETS.password },
      },
      cache: {},
      timings: {},
    };
  });
  return JSON.stringify({ log: { version: '1.2', creator: { name: 'test', version: '1' }, pages: [], entries } });
}

/** The steps with some of them changed. */
export const change =
  (fits: (step: Step) => boolean, edit: (step: Step) => Partial<Step>) =>
  (steps: readonly Step[]): readonly Step[] =>
    steps.map((step) => (fits(step) ? { ...step, ...edit(step) } : step));

/** The steps with the address of the way back changed, where it is sent and where it is opened. */
export const changeReturn =
  (edit: (address: string) => string) =>
  (steps: readonly Step[]): readonly Step[] =>
    steps.map((step) => ({
      ...step,
      ...(step.location === RETURN ? { location: edit(RETURN) } : {}),
      ...(step.url === RETURN ? { url: edit(RETURN) } : {}),
    }));

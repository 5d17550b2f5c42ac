import { NoAnswer, type HttpAnswer, type HttpRequest, type Probes, type Seen, type SignedIn } from '../src/index.js';

/** One request by Node's fetch. A server says how long it took, or that it hangs, so that no test waits. */
async function send({ method, url, headers, body }: HttpRequest, deadlineMs: number): Promise<HttpAnswer> {
  const response = await fetch(url, { method, headers, redirect: 'manual', ...(body === undefined ? {} : { body }) });
  const text = await response.text();
  if (response.headers.has('x-hangs')) throw new NoAnswer('deadline', deadlineMs, `no answer within ${deadlineMs} ms`);
  const ms = Number(response.headers.get('x-took') ?? 5);
  const setCookies = response.headers.getSetCookie();
  return { status: response.status, headers: Object.fromEntries(response.headers), setCookies, body: text, ms };
}

/** Signs in at the fault server: one page with one button. */
async function signIn(authorizeUrl: string): Promise<SignedIn> {
  const page = await fetch(authorizeUrl, { redirect: 'manual' });
  const action = /action="([^"]+)"/.exec(await page.text())?.[1];
  if (action === undefined) return { kind: 'astray', says: `no form on a page with HTTP ${page.status}` };
  const approved = await fetch(new URL(action, authorizeUrl), { method: 'POST', redirect: 'manual' });
  const location = approved.headers.get('location');
  const seen = readSeen(approved.headers.get('x-seen'));
  return location === null
    ? { kind: 'astray', says: `the sign-in ended on a page with HTTP ${approved.status}`, ...seen }
    : { kind: 'returned', url: location, status: approved.status, ...seen };
}

const readSeen = (json: string | null): { readonly seen?: Seen } =>
  json === null ? {} : { seen: JSON.parse(json) as Seen };

/** Gives the fault server's handler a directive. */
export const handleAt =
  (url: string): Probes['handle'] =>
  async (directive, deadlineMs) => {
    const headers = { 'Content-Type': 'application/json' };
    const { status, body, ms } = await send(
      { method: 'POST', url: `${url}/handler`, headers, body: directive },
      deadlineMs,
    );
    return { status, text: body, ms };
  };

/** Probes that work on the real network, with a clock that stands still and sleep that takes no time or for ever. */
export function testProbes(change: Partial<Probes> = {}): Probes {
  return {
    send,
    signIn,
    inspectTls: () => Promise.reject(new NoAnswer('refused', 0, 'no TLS here')),
    handle: () => Promise.reject(new NoAnswer('refused', 0, 'no handler here')),
    now: () => new Date('2026-11-22T22:00:00Z'),
    sleep: (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('stopped')));
      }),
    progress: () => undefined,
    ...change,
  };
}

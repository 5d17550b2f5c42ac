import { REDIRECT_HOSTS } from '@linkbroker/alexa';
import { readQuery, decode } from '../return-address.js';
import type { RecordingTarget } from '../target.js';
import { asHref, UnusableRecording, type Entry, type Recording } from './read-recording.js';

/** How Alexa asked. */
export interface Asked {
  readonly state: string | undefined;
  readonly redirectUri: string | undefined;
  /** `token` is the implicit grant. */
  readonly responseType: string | undefined;
}

/** How the browser came back to Alexa. */
export interface CameBack {
  /** As it was sent, where a redirect led there, else as the browser wrote it: without a fragment then. */
  readonly address: string;
  /** Of the redirect; undefined where the page itself went there. */
  readonly status: number | undefined;
  readonly at: number;
}

/** One try to link. */
export interface Attempt {
  readonly asked: Asked;
  /** From the authorization request to the last one before Alexa. */
  readonly entries: Recording;
  readonly back: CameBack | undefined;
}

const bare = (url: string): string => `${new URL(url).origin}${new URL(url).pathname}`;

function queryOf(url: string): ReadonlyMap<string, readonly string[]> {
  return readQuery(url.split('#', 1)[0]?.split(/\?(.*)/s)[1] ?? '');
}

const one = (query: ReadonlyMap<string, readonly string[]>, name: string): string | undefined =>
  decode(query.get(name)?.[0] ?? '') || undefined;

/**
 * Where Alexa sent somebody to the authorization address. Servers go there again by themselves after a sign-in: such a
 * request comes from a redirect or a page of a host of the target, and is not the beginning.
 */
function beginnings(recording: Recording, target: RecordingTarget): readonly number[] {
  const own = new Set([new URL(target.authorizeUrl).hostname, ...(target.domains ?? [])]);
  const address = bare(target.authorizeUrl);
  const ledTo = new Set<string>();
  return recording.flatMap((entry, index) => {
    const isOwn = ledTo.has(asHref(entry.url)) || (entry.referrer !== undefined && own.has(entry.referrer));
    if (entry.location !== undefined && own.has(entry.host)) ledTo.add(asHref(entry.location));
    if (isOwn || bare(entry.url) !== address) return [];
    return one(queryOf(entry.url), 'client_id') === target.clientId ? [index] : [];
  });
}

function isAtAlexa(address: string, redirectUri: string | undefined): boolean {
  if (redirectUri !== undefined && address.startsWith(redirectUri)) return true;
  return URL.canParse(address) && REDIRECT_HOSTS.some((host) => host === new URL(address).hostname);
}

/** The first way back among these, and how many entries lie before it. */
function findBack(entries: Recording, redirectUri: string | undefined): { back?: CameBack; before: number } {
  for (const [index, entry] of entries.entries()) {
    if (!entry.isDocument) continue;
    const { at, ms, status, location, url } = entry;
    if (index > 0 && isAtAlexa(url, redirectUri))
      return { back: { address: url, status: undefined, at }, before: index };
    if (location !== undefined && isAtAlexa(location, redirectUri)) {
      return { back: { address: location, status, at: at + ms }, before: index + 1 };
    }
  }
  return { before: entries.length };
}

/** What was open before belongs to Alexa's own page. */
function withoutEarlierPages(entries: Recording, earlier: Recording, start: Entry): Recording {
  const others = new Set(earlier.map(({ page }) => page).filter((page) => page !== start.page && page !== undefined));
  return entries.filter(({ page }) => page === undefined || !others.has(page));
}

/**
 * The try that the recording is about: the last one that came back to Alexa, else the last one.
 * @throws UnusableRecording when nobody was sent to the authorization address for this client
 */
export function findAttempt(recording: Recording, target: RecordingTarget): Attempt {
  const starts = beginnings(recording, target);
  if (starts.length === 0) {
    throw new UnusableRecording(
      'the recording has no request to authorizeUrl with this clientId: record from before the first click',
    );
  }
  const attempts = starts.map((start, number): Attempt => {
    const first = recording[start] as Entry;
    const query = queryOf(first.url);
    const redirectUri = one(query, 'redirect_uri');
    const asked = { state: one(query, 'state'), redirectUri, responseType: one(query, 'response_type') };
    const after = recording.slice(start, starts[number + 1]);
    const own = withoutEarlierPages(after, recording.slice(0, start), first);
    const { back, before } = findBack(own, redirectUri);
    return { asked, entries: own.slice(0, before), back };
  });
  return attempts.findLast(({ back }) => back !== undefined) ?? (attempts.at(-1) as Attempt);
}

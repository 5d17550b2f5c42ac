import { z } from 'zod';

/** Octets of a recording that is read; an hour with a chatty page is a tenth of that. */
export const LARGEST_RECORDING = 64_000_000;
const MOST_ENTRIES = 20_000;
/** Longer addresses are no pages' but data in an address. */
const LONGEST_URL = 100_000;

/** A recording that cannot be used. The message holds nothing of it. */
export class UnusableRecording extends Error {}

/** Recorders leave them out where a request broke off. */
const headers = z.array(z.object({ name: z.string(), value: z.string() })).default([]);

/** What of an entry is looked at. Recorders add members of their own and leave bodies out. @see HAR 1.2 */
const entry = z.object({
  startedDateTime: z.iso.datetime({ offset: true }),
  time: z.number().catch(0),
  pageref: z.string().optional(),
  _resourceType: z.string().optional(),
  request: z.object({ method: z.string(), url: z.string(), headers }),
  response: z.object({
    status: z.number(),
    headers,
    redirectURL: z.string().optional(),
    content: z.object({ mimeType: z.string().optional() }).optional(),
  }),
});
const har = z.object({
  log: z.object({ version: z.string().regex(/^1\.\d+$/), entries: z.array(entry).max(MOST_ENTRIES) }),
});

/** One request of a recording, with its answer. */
export interface Entry {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Milliseconds from the request to the last octet. */
  readonly ms: number;
  /** The page that it belongs to, by the recorder's own name. */
  readonly page: string | undefined;
  readonly method: string;
  readonly url: string;
  /** Host name without a port. */
  readonly host: string;
  /** 0 when no answer came. */
  readonly status: number;
  /** Where a redirect leads: as it was sent where it is absolute, else completed. */
  readonly location: string | undefined;
  /** Whether it was for a page, and not for something on a page. */
  readonly isDocument: boolean;
  /** Host of the page that it came from. */
  readonly referrer: string | undefined;
  /** Octets of the Cookie header; undefined where the recording has none. */
  readonly cookieOctets: number | undefined;
  /** Values of Content-Security-Policy. */
  readonly policies: readonly string[];
}

/** The requests to http and https addresses, in the order of their beginning. */
export type Recording = readonly Entry[];

type RawEntry = z.infer<typeof entry>;
type Headers = RawEntry['request']['headers'];

const values = (headers: Headers, name: string): readonly string[] =>
  headers.filter((given) => given.name.toLowerCase() === name).map(({ value }) => value);

/** An address as browsers write it, to be compared. */
export const asHref = (address: string): string => (URL.canParse(address) ? new URL(address).href : address);

/** What the browser told the server comes first: recorders call frames documents too. */
function isDocument({ _resourceType: kind, request, response }: RawEntry): boolean {
  const [destination] = values(request.headers, 'sec-fetch-dest');
  if (destination !== undefined) return destination === 'document';
  if (kind !== undefined) return kind === 'document';
  const isRedirect = response.status >= 300 && response.status < 400;
  return isRedirect || /^(text\/html|application\/xhtml)/i.test(response.content?.mimeType ?? '');
}

function locationOf({ request, response }: RawEntry): string | undefined {
  if (response.status < 300 || response.status > 399) return undefined;
  const given = values(response.headers, 'location')[0] ?? response.redirectURL;
  if (given === undefined || given === '') return undefined;
  if (URL.canParse(given)) return given;
  return URL.canParse(given, request.url) ? new URL(given, request.url).href : undefined;
}

function readEntry(raw: RawEntry): readonly Entry[] {
  const { request, response } = raw;
  if (request.url.length > LONGEST_URL || !/^https?:/i.test(request.url) || !URL.canParse(request.url)) return [];
  const [referrer = ''] = values(request.headers, 'referer');
  const cookies = values(request.headers, 'cookie');
  return [
    {
      at: Date.parse(raw.startedDateTime),
      ms: Math.max(0, raw.time),
      page: raw.pageref,
      method: request.method.toUpperCase(),
      url: request.url,
      host: new URL(request.url).hostname,
      status: response.status,
      location: locationOf(raw),
      isDocument: isDocument(raw),
      referrer: URL.canParse(referrer) ? new URL(referrer).hostname : undefined,
      cookieOctets: cookies.length === 0 ? undefined : Buffer.byteLength(cookies.join('; ')),
      policies: values(response.headers, 'content-security-policy'),
    },
  ];
}

function parse(json: string): unknown {
  try {
    // Some recorders begin with a byte order mark.
    return JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch {
    // The parser's own words quote the text, which holds secrets.
    throw new UnusableRecording('the recording is not JSON');
  }
}

/**
 * Reads a HAR of version 1.2, as developer tools of browsers save it.
 * @throws UnusableRecording when it is none, or too large
 */
export function readRecording(json: string): Recording {
  if (json.length > LARGEST_RECORDING) throw new UnusableRecording('the recording is larger than 64 MB');
  const { data, error } = har.safeParse(parse(json));
  if (error) {
    const [issue] = error.issues;
    const isTooLong = issue?.code === 'too_big';
    const place = issue?.path.map((part) => (typeof part === 'number' ? String(part) : part.toString())).join('.');
    throw new UnusableRecording(
      isTooLong
        ? `the recording has more than ${MOST_ENTRIES} entries`
        : `the recording is no HAR 1.2: ${place || 'log'} is not as it should be`,
    );
  }
  return data.log.entries.flatMap(readEntry).sort((one, other) => one.at - other.at);
}

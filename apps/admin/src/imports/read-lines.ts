import type { BroughtLine } from '@linkbroker/linking';
import { parseJson } from '@linkbroker/protocol';

/** A line that cannot be read at all stands for itself: what it is refused for is that it is no object. */
const UNREADABLE = 'no JSON';

/** The lines of a file, one JSON object each; empty ones are left out. */
export async function* readJsonLines(texts: AsyncIterable<string>): AsyncGenerator<BroughtLine> {
  let line = 0;
  for await (const text of texts) {
    line += 1;
    if (text.trim() !== '') yield { line, value: parseJson(text) ?? UNREADABLE };
  }
}

/** What columns of a CSV file may be named. */
const COLUMNS = [
  'subject',
  'upstreamRefreshToken',
  'upstreamAccessToken',
  'upstreamAccessTokenExpiresAt',
  'upstreamScopes',
  'scopes',
  'linkedAt',
  'refreshTokenSha256',
  'accessTokenSha256',
  'accessTokenExpiresAt',
] as const;
type Column = (typeof COLUMNS)[number];

/** The header of a CSV file names columns that nobody knows, or lacks some. */
export class UnfitHeader extends Error {
  override readonly name = 'UnfitHeader';
}

/**
 * The rows of a CSV file, one grant each. Fields may be quoted as RFC 4180 has it, but for line breaks within them; lists
 * are separated by spaces.
 * @throws UnfitHeader
 */
export async function* readCsvLines(texts: AsyncIterable<string>): AsyncGenerator<BroughtLine> {
  let line = 0;
  let header: readonly Column[] | undefined;
  for await (const text of texts) {
    line += 1;
    if (text.trim() === '') continue;
    const fields = splitFields(text);
    if (header) yield { line, value: fields && fields.length === header.length ? toLine(header, fields) : UNREADABLE };
    else header = readHeader(fields ?? []);
  }
}

function readHeader(fields: readonly string[]): readonly Column[] {
  const named = fields.map((field) => field.trim());
  const strange = named.find((name) => !(COLUMNS as readonly string[]).includes(name));
  if (strange !== undefined)
    throw new UnfitHeader(`there is no column ${strange.slice(0, 40)}; there are: ${COLUMNS.join(', ')}`);
  for (const needed of ['subject', 'refreshTokenSha256'])
    if (!named.includes(needed)) throw new UnfitHeader(`the column ${needed} is missing`);
  return named as Column[];
}

function toLine(header: readonly Column[], fields: readonly string[]): unknown {
  const row = new Map(header.map((name, index) => [name, fields[index] ?? '']));
  const text = (name: Column): string | undefined => row.get(name) || undefined;
  const list = (name: Column): string[] | undefined => text(name)?.split(' ').filter(Boolean);
  const access = text('accessTokenSha256');
  const given = <Value>(name: string, value: Value | undefined) => (value === undefined ? {} : { [name]: value });
  return {
    subject: text('subject') ?? '',
    upstream: {
      ...given('refreshToken', text('upstreamRefreshToken')),
      ...given('accessToken', text('upstreamAccessToken')),
      ...given('accessTokenExpiresAt', text('upstreamAccessTokenExpiresAt')),
      ...given('scopes', list('upstreamScopes')),
    },
    ...given('scopes', list('scopes')),
    ...given('linkedAt', text('linkedAt')),
    refreshTokens: [text('refreshTokenSha256') ?? ''],
    ...given('accessTokens', access && [{ sha256: access, expiresAt: text('accessTokenExpiresAt') ?? '' }]),
  };
}

/** The fields of a line; undefined where a quote is left open or stands where none may. @see RFC 4180 §2 */
function splitFields(text: string): string[] | undefined {
  const fields: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  for (let more = true; more;) {
    const match = field.exec(text);
    if (!match) return undefined;
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    more = match[3] === ',';
  }
  return fields;
}

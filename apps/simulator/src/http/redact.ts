/**
 * What may be shown of secrets. Pages and transcripts are read over shoulders and pasted into tickets, so a token shows
 * its first six characters (enough to tell two apart) and a client secret nothing.
 */
const hidden = new Set(['client_secret', 'password']);
const cut = new Set(
  'code state access_token refresh_token id_token token code_verifier code_challenge nonce subject_token request'.split(
    ' ',
  ),
);

export function redact(value: string): string {
  return value.length > 12 ? `${value.slice(0, 6)}…` : '…';
}

export function redactParam(name: string, value: string): string {
  if (hidden.has(name)) return '…';
  if (name === 'state') return `${redact(value)} (${value.length.toLocaleString('en')} characters)`;
  return cut.has(name) || value.length > 120 ? redact(value) : value;
}

/** Free text: every run that could be a token is cut. */
export function redactText(text: string, longest = 200): string {
  const safe = text
    .replace(/[\w.~+/=-]{20,}/g, redact)
    .replace(/\s+/g, ' ')
    .trim();
  return safe.length > longest ? `${safe.slice(0, longest)}…` : safe;
}

/** Handles and tokens in paths: long, and not words. */
const isHandle = (segment: string): boolean =>
  segment.length > 18 && /^[\w-]+$/.test(segment) && /[A-Z\d_]/.test(segment);

/** An address without its query and without handles in its path. */
export function redactPath(address: string): string {
  const url = new URL(address);
  const segments = url.pathname.split('/').map((segment) => (isHandle(segment) ? redact(segment) : segment));
  return `${url.origin}${segments.join('/')}`;
}

/** The parameters of an address as people may see them, those of its fragment too. */
export function redactQuery(address: string): readonly string[] {
  const { searchParams, hash } = new URL(address);
  const show = ([name, value]: [string, string]): string => `${name}=${redactParam(name, value)}`;
  return [...[...searchParams].map(show), ...[...new URLSearchParams(hash.slice(1))].map((pair) => `#${show(pair)}`)];
}

/** A member of a JSON answer; what stands below a secret member is as secret. */
function redactValue(name: string, value: unknown): unknown {
  if (typeof value === 'string') return redactParam(name, value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => redactValue(name, item));
  const below = (inner: string) => (cut.has(name) || hidden.has(name) ? name : inner);
  return Object.fromEntries(Object.entries(value).map(([inner, item]) => [inner, redactValue(below(inner), item)]));
}

const longestMember = 300;

/** An answer's body as one line. JSON and form bodies keep their shape, with secret members cut. */
export function redactBody(body: string): string {
  const json = parseObject(body);
  if (json) {
    const members = Object.entries(json).map(([name, value]) => {
      const shown = JSON.stringify(redactValue(name, value));
      return `${JSON.stringify(name)}: ${shown.length > longestMember ? `${shown.slice(0, longestMember)}…` : shown}`;
    });
    return `{ ${members.join(', ')} }`;
  }
  if (/^[\w.~%+-]+=[^\s<>]*$/.test(body)) {
    return [...new URLSearchParams(body)].map(([name, value]) => `${name}=${redactParam(name, value)}`).join('&');
  }
  return redactText(body);
}

/** @returns the members when the text is a JSON object, else undefined */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

import type { WireRequest, WireResponse } from '@linkbroker/providers';

/** Fields whose value explains something and is nobody's secret. Of every other field only the name and length are kept. */
const PLAIN = new Set([
  ...['grant_type', 'token_type', 'expires_in', 'refresh_token_expires_in', 'scope', 'redirect_uri', 'client_id'],
  ...[
    'error',
    'error_description',
    'error_uri',
    'error_codes',
    'response_type',
    'resource',
    'audience',
    'ok',
    'status',
  ],
]);
const LONGEST_VALUE = 300;
const MOST_FIELDS = 40;

/** What was sent to and received from a server, without any value that could be secret. */
export interface DescribedExchange extends Readonly<Record<string, unknown>> {
  readonly sent: Readonly<Record<string, unknown>>;
  readonly received: Readonly<Record<string, unknown>>;
  readonly contentType: string | null;
}

/**
 * Describes one call: the fields of both bodies, values only where they explain something. Neither has to be readable. What
 * was sent as a secret stays one when it is sent back in words.
 */
export function describeExchange(request: WireRequest, response: WireResponse): DescribedExchange {
  const sent = fieldsOf(request.body ?? '', request.headers['content-type']) ?? {};
  const secrets = [...secretsIn(sent), ...basicParts(request.headers['authorization'])];
  return {
    sent: describeFields(sent),
    received: describeReceived(response, secrets),
    contentType: response.contentType?.slice(0, LONGEST_VALUE) ?? null,
  };
}

/** Masked before it is cut: half a secret is one too. */
function describeReceived(
  { body, contentType }: WireResponse,
  secrets: readonly string[],
): DescribedExchange['received'] {
  const fields = fieldsOf(body, contentType);
  if (!fields) return unreadable(body);
  const masked = Object.entries(fields).map(([name, value]) => [
    name,
    PLAIN.has(name) ? withoutEchoes(value, secrets) : value,
  ]);
  return describeFields(Object.fromEntries(masked) as Readonly<Record<string, unknown>>);
}

/** Shorter ones are words of the protocol. */
const SHORTEST_SECRET = 4;

const secretsIn = (fields: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(fields).flatMap(([name, value]) => (typeof value === 'string' && !PLAIN.has(name) ? [value] : []));

/** User name and password of HTTP Basic, as they are and decoded (RFC 6749 §2.3.1). */
function basicParts(authorization: string | undefined): string[] {
  const encoded = /^Basic +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return authorization === undefined ? [] : [authorization.replace(/^\S+ +/, '')];
  const [, ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  const secret = password.join(':');
  return [encoded, secret, new URLSearchParams(`x=${secret}`).get('x') ?? ''];
}

function withoutEchoes(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value !== 'string') return value;
  const forms = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]);
  const telling = forms.filter((form) => form.length >= SHORTEST_SECRET).sort((a, b) => b.length - a.length);
  return telling.reduce((text, form) => text.replaceAll(form, '[redacted]'), value);
}

/** The fields of a form or a JSON object; of anything else how long it is. */
export function describeBody(body: string, contentType: string | undefined): Readonly<Record<string, unknown>> {
  const fields = fieldsOf(body, contentType);
  return fields ? describeFields(fields) : unreadable(body);
}

const unreadable = (body: string) => ({ unreadable: `${String(body.length)} characters` });

function fieldsOf(body: string, contentType: string | undefined): Readonly<Record<string, unknown>> | undefined {
  return (contentType?.includes('json') ? readJson(body) : readForm(body)) ?? readJson(body);
}

/** The same of fields that have been read already. */
export function describeFields(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const entries = Object.entries(fields).slice(0, MOST_FIELDS);
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(0, 60), describeValue(name, value)]));
}

function describeValue(name: string, value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'string' && PLAIN.has(name)) return value.slice(0, LONGEST_VALUE);
  if (typeof value === 'string') return `${String(value.length)} characters`;
  return Array.isArray(value) ? `a list of ${String(value.length)}` : 'an object';
}

function readJson(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function readForm(body: string): Readonly<Record<string, string>> | undefined {
  return /^[\w.-]+=/.test(body) ? Object.fromEntries(new URLSearchParams(body)) : undefined;
}

import { decodeForm } from './percent-encoding.js';

/** Raw, still encoded values by decoded name, in order of appearance; a repeated name has several values. */
export type Parameters = ReadonlyMap<string, readonly string[]>;

/** Splits a raw query or form body into names and raw values. Malformed names are dropped: they are unknown ones (R33). */
export function parseParameters(raw: string): Parameters {
  const out = new Map<string, string[]>();
  for (const pair of raw.split('&')) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const name = decodeForm(at < 0 ? pair : pair.slice(0, at));
    if (name === undefined) continue;
    const value = at < 0 ? '' : pair.slice(at + 1);
    const seen = out.get(name);
    if (seen) seen.push(value);
    else out.set(name, [value]);
  }
  return out;
}

/** The first value of `name`, form-decoded; `undefined` when absent, empty (RFC 6749 §3.1) or malformed. */
export function parameter(parameters: Parameters, name: string): string | undefined {
  const raw = parameters.get(name)?.[0];
  return raw === undefined || raw === '' ? undefined : decodeForm(raw);
}

/** Names among `names` that occur more than once. @see RFC 6749 §3.1, §3.2 */
export function repeatedParameters(parameters: Parameters, names: readonly string[]): string[] {
  return names.filter((name) => (parameters.get(name)?.length ?? 0) > 1);
}

/** Names among `names` whose first value cannot be decoded. */
export function malformedParameters(parameters: Parameters, names: readonly string[]): string[] {
  return names.filter((name) => {
    const raw = parameters.get(name)?.[0];
    return raw !== undefined && decodeForm(raw) === undefined;
  });
}

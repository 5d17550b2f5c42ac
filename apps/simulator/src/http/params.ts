/** A parameter that came twice; OAuth requests and answers may carry each one only once (RFC 6749 §3.1). */
export class RepeatedParameter extends Error {
  constructor(readonly parameter: string) {
    super(`${parameter} came more than once`);
  }
}

/** Reads form-encoded text (a query or a body); a raw `+` is a space, as servlet containers such as Amazon's read it. */
export function readParams(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (found.has(name)) throw new RepeatedParameter(name);
    found.set(name, value);
  }
  return found;
}

/** The undecoded query of a request target or URL, without `?` and without a fragment. */
export function rawQuery(url: string): string {
  const withoutFragment = url.split('#', 1)[0] ?? '';
  const start = withoutFragment.indexOf('?');
  return start < 0 ? '' : withoutFragment.slice(start + 1);
}

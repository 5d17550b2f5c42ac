const SCOPE_TOKEN = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

/** Splits a scope string into distinct tokens; `undefined` when one has a character RFC 6749 §3.3 does not allow. */
export function parseScope(scope: string): string[] | undefined {
  const tokens = scope.split(' ').filter((token) => token !== '');
  return tokens.every((token) => SCOPE_TOKEN.test(token)) ? [...new Set(tokens)] : undefined;
}

const LONGEST_BODY = 262_144;
const LOOKS_LIKE_FORM = /^[\w.%+-]+=/;

/**
 * What a provider answered, as an object: JSON or form, by its content type, and where that is wrong by looking. Nothing
 * else comes out, and nothing is thrown: undefined for HTML, cut-off JSON, a form with a parameter twice, too much text.
 */
export function parseAnswer(response: { readonly contentType?: string | undefined; readonly body: string }): unknown {
  if (response.body.length > LONGEST_BODY) return undefined;
  const text = response.body.replace(/^\uFEFF/, '').trim();
  const type = (response.contentType ?? '').toLowerCase();
  const looksLikeJson = text.startsWith('{');
  if (looksLikeJson || type.includes('json')) {
    const json = parseJson(text);
    if (json !== undefined || looksLikeJson) return json;
  }
  return LOOKS_LIKE_FORM.test(text) ? parseForm(text) : undefined;
}

/** The parser's complaint quotes the text, which may hold tokens: it goes no further. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @see RFC 6749 §5.1: parameters must not come twice. */
function parseForm(text: string): unknown {
  const pairs = [...new URLSearchParams(text)];
  const names = new Set(pairs.map(([name]) => name));
  return names.size === pairs.length ? Object.fromEntries(pairs) : undefined;
}

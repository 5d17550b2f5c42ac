/**
 * The value of a JSON text; undefined where it is none. The parser's own complaint quotes the text, which may hold a
 * token or a code: it goes no further.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

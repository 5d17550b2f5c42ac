/** Names of fields whose value never reaches a log, at any depth. */
export const REDACTED_FIELDS = [
  'access_token',
  'accessToken',
  'authorization',
  'client_secret',
  'clientSecret',
  'code',
  'code_challenge',
  'code_verifier',
  'codeVerifier',
  'cookie',
  'email',
  'id_token',
  'idToken',
  'nonce',
  'password',
  'refresh_token',
  'refreshToken',
  'secret',
  'set-cookie',
  'state',
  'subject_token',
  'token',
] as const;

const MARK = '[redacted]';

/** Value shapes that are secret wherever they turn up: in messages, stacks, addresses. */
const SECRET_SHAPES: readonly (readonly [RegExp, string])[] = [
  // The broker's own tokens: type octet 0x11 to 0x13 and key id make the first two of 72 or 80 characters.
  [/\bE[Q-Za-z0-9_-][A-Za-z0-9_-]{70,78}(?![A-Za-z0-9_-])/g, MARK],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g, MARK],
  [/\bwhsec_[A-Za-z0-9+/=]{16,}/g, MARK],
  [/\bAtz[ar]\|[A-Za-z0-9_\-+/=|]+/g, MARK],
  [/\b(?:ya29\.|1\/\/0|gh[opsur]_|xox[a-z]-)[A-Za-z0-9_\-.]{8,}/g, MARK],
  [/\b(Bearer|Basic) +[A-Za-z0-9_\-.+/=~|]{6,}/gi, `$1 ${MARK}`],
  [
    /\b((?:access_|refresh_|id_|subject_)?token|code|code_verifier|state|client_secret|password|nonce)=[^&\s"'\\]+/gi,
    `$1=${MARK}`,
  ],
  // Bounded, because an unbounded part before the @ makes long text without one cost the square of its length.
  [/\b[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,20}[A-Za-z]{2,63}\b/g, '[e-mail]'],
];

/** A password in an address may hold escapes; it has no letter of one at either end. */
const ADDRESS_PASSWORD = /(\/\/[^/:@\s"]*):[^@/\s"]+@/g;

/** The escapes of JSON. Their letters are no part of the words beside them: `\nBearer` begins with a B. */
const ESCAPES = /(\\(?:u[0-9a-fA-F]{4}|.))/;

/** The name of a field of the list, as a line of JSON has it. */
const NAME = new RegExp(`"(?:${REDACTED_FIELDS.join('|')})":`, 'g');

/** Whatever any of the rules above could match, and more: one look that lets the everyday line pass. */
const SUSPECT = new RegExp(
  `[@=]|"(?:${REDACTED_FIELDS.join('|')})":|e[a-z0-9_-]{71}|eyj|whsec_|atz|ya29\\.|1//0|gh[opsur]_|xox|bearer|basic`,
  'i',
);

/**
 * Removes what is or looks like a secret from a line of JSON, or a text, that is about to leave the process. One pass
 * over the finished line: a logger's own redaction by path costs a hundred times as much for each line.
 */
export function scrub(line: string): string {
  if (!SUSPECT.test(line)) return line;
  const named = redactFields(line).replace(ADDRESS_PASSWORD, `$1:${MARK}@`);
  if (!named.includes('\\')) return scrubPiece(named);
  const pieces = named.split(ESCAPES);
  return pieces.map((piece, index) => (index % 2 === 1 ? piece : scrubPiece(piece))).join('');
}

/** Replaces the whole value of every named field, whatever is inside it. */
function redactFields(line: string): string {
  let out = '';
  let from = 0;
  for (const { index, 0: name } of line.matchAll(NAME)) {
    if (index < from) continue;
    const start = index + name.length;
    out += `${line.slice(from, start)}"${MARK}"`;
    from = endOfValue(line, start);
  }
  return out + line.slice(from);
}

/** What changes the depth of a value, ends it, or begins a text in it. */
const STRUCTURE = /"(?:[^"\\]|\\.)*"?|[{}[\],]/g;

/** Where the JSON value that begins at `start` ends. */
function endOfValue(line: string, start: number): number {
  let depth = 0;
  STRUCTURE.lastIndex = start;
  for (let found = STRUCTURE.exec(line); found; found = STRUCTURE.exec(line)) {
    const [token] = found;
    if (depth === 0 && /^[,}\]]/.test(token)) return found.index;
    if (token === '{' || token === '[') depth += 1;
    if (token === '}' || token === ']') depth -= 1;
    if (depth === 0 && token !== ',') return STRUCTURE.lastIndex;
  }
  return line.length;
}

function scrubPiece(text: string): string {
  return SECRET_SHAPES.reduce((out, [shape, replacement]) => out.replace(shape, replacement), text);
}

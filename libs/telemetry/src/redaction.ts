/** Names of fields whose value never reaches a log, at any depth the logger looks at. */
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
  // The broker's own tokens: version and type octet, then 71 or 79 characters of base64url.
  [/\bE[Q-Za-f][A-Za-z0-9_-]{70,78}(?![A-Za-z0-9_-])/g, MARK],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g, MARK],
  [/\bAtz[ar]\|[A-Za-z0-9_\-+/=|]+/g, MARK],
  [/\b(?:ya29\.|1\/\/0|gh[opsur]_|xox[a-z]-)[A-Za-z0-9_\-.]{8,}/g, MARK],
  [/\b(Bearer|Basic) +[A-Za-z0-9_\-.+/=~|]{6,}/gi, `$1 ${MARK}`],
  [
    /\b((?:access_|refresh_|id_|subject_)?token|code|code_verifier|state|client_secret|password|nonce)=[^&\s"'\\]+/gi,
    `$1=${MARK}`,
  ],
  [/(\/\/[^/:@\s"]+):[^@/\s"]+@/g, `$1:${MARK}@`],
  [/\b[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b/g, '[e-mail]'],
];

/** Removes what looks like a secret from text that is about to leave the process. */
export function scrub(text: string): string {
  let out = text;
  for (const [shape, replacement] of SECRET_SHAPES) out = out.replace(shape, replacement);
  return out;
}

/** The paths pino removes by name: at the top and up to three levels down. */
export function redactionPaths(): string[] {
  const names = REDACTED_FIELDS.map((name) => `["${name}"]`);
  return names.flatMap((name) => [name, `*${name}`, `*.*${name}`, `*.*.*${name}`]);
}

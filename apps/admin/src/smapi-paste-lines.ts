/** Stands in a body for the client secret, which the broker does not know: it keeps a hash. */
export const SECRET_PLACEHOLDER = '${ALEXA_CLIENT_SECRET}';

export interface PasteFacts {
  /** Amazon's id of the skill, where the configuration has it. */
  readonly skillId: string | null;
  readonly file: string;
  /** Whether the file has the placeholder. */
  readonly fills: boolean;
}

const SKILL_ID = /^[\w.-]{1,200}$/;

/** Without the variable the member is left out, and Amazon refuses the body (R132). */
const FILL =
  'JSON.stringify(JSON.parse(require("fs").readFileSync(process.argv[1])), (name, value) => name === "clientSecret" ? process.env.ALEXA_CLIENT_SECRET : value)';

/**
 * The lines for a shell by which a body goes to Amazon. The secret passes from the environment through a pipe, so that no
 * list of processes shows it.
 * @see R134
 */
export function pasteLines({ skillId, file, fills }: PasteFacts): readonly string[] {
  const known = skillId !== null && SKILL_ID.test(skillId) ? skillId : undefined;
  const id = known ?? 'SKILL_ID';
  const send = (from: string): string =>
    `ask smapi update-account-linking-info -s ${id} -g development --account-linking-request ${from}`;
  return [
    ...(known === undefined ? ['the skill has no usable skillId: put Amazon’s id of it in the place of SKILL_ID'] : []),
    '',
    ...(fills ? [`node -p '${FILL}' ${quote(file)} |`, `  ${send('file:/dev/stdin')}`] : [send(quote(`file:${file}`))]),
  ];
}

/** A word of a POSIX shell. */
function quote(word: string): string {
  return /^[\w./:-]+$/.test(word) && !word.startsWith('-') ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A failure whose message is the one line a person needs; no stack is shown for it. */
export class Problem extends Error {
  /** @param {string} message one line @param {number} [exitCode] */
  constructor(message, exitCode = 1) {
    super(message);
    this.name = 'Problem';
    this.exitCode = exitCode;
  }
}

/** Progress for people; stdout stays free for what programs read (READY, transcripts, summaries). */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Prints a failure the way every launcher does and gives the exit code that belongs to it. */
export function report(error) {
  if (error instanceof Problem) {
    say(`linkbroker: ${error.message}`);
    return error.exitCode;
  }
  // The system's own refusals (no space, no permission) say what and where in one line already.
  if (error?.syscall && error?.code) say(`linkbroker: ${error.message}`);
  else say(`linkbroker: unexpected: ${error?.stack ?? error}`);
  return 1;
}

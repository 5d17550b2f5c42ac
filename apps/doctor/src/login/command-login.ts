import type { SignedIn } from '@linkbroker/doctor';
import { spawn } from 'node:child_process';

const DEADLINE_MS = 60_000;
const LONGEST_OUTPUT = 100_000;

/** Takes the last line that is an address. */
function lastAddress(output: string): string | undefined {
  return output
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => /^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(line))
    .at(-1);
}

/**
 * Runs a program with the authorization address as its last argument; its standard output ends with the address that
 * the household was sent back to. What it says on standard error is not shown, for it may hold a password.
 */
export function loginByCommand(command: readonly string[], authorizeUrl: string): Promise<SignedIn> {
  const [program = '', ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, [...args, authorizeUrl], {
      stdio: ['ignore', 'pipe', 'ignore'],
      signal: AbortSignal.timeout(DEADLINE_MS),
      killSignal: 'SIGKILL',
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output = `${output}${text}`.slice(-LONGEST_OUTPUT);
    });
    const recipe = (says: string): void => resolve({ kind: 'recipe', says });
    child.once('error', ({ name, code }: NodeJS.ErrnoException) => {
      const late = `the login command took more than ${DEADLINE_MS / 1_000} s`;
      recipe(name === 'AbortError' ? late : `the login command did not start (${code ?? name})`);
    });
    child.once('close', (code, signal) => {
      const url = lastAddress(output);
      if (code !== 0) recipe(`the login command ended with ${signal ?? `exit code ${code ?? 0}`}`);
      else if (url === undefined) recipe('the login command printed no address');
      else resolve({ kind: 'returned', url });
    });
  });
}

import { NoAnswer, reachableHosts, type HandlerAnswer, type Target } from '@linkbroker/doctor';
import { spawn } from 'node:child_process';
import { sendHttp } from './http-probe.js';
import type { ProxyAccess } from './proxy-tunnel.js';

/** Characters of an answer that are read; a right one has a few hundred. */
const LONGEST_ANSWER = 100_000;

/** Gives a program the directive on its standard input; what it prints is the answer. Standard error is not shown. */
function handleByCommand(command: readonly string[], directive: string, deadlineMs: number): Promise<HandlerAnswer> {
  const [program = '', ...args] = command;
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'ignore'],
      signal: AbortSignal.timeout(deadlineMs),
      killSignal: 'SIGKILL',
    });
    const elapsed = (): number => Math.round(performance.now() - started);
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text = `${text}${chunk}`.slice(0, LONGEST_ANSWER);
    });
    child.once('error', ({ name, code }: NodeJS.ErrnoException) => {
      const isLate = name === 'AbortError';
      const says = isLate ? `no answer within ${deadlineMs} ms` : `the handler did not start (${code ?? name})`;
      reject(new NoAnswer(isLate ? 'deadline' : 'refused', elapsed(), says));
    });
    child.once('close', (code, signal) => {
      if (code === 0) resolve({ text, status: undefined, ms: elapsed() });
      else reject(new NoAnswer('broken', elapsed(), `the handler ended with ${signal ?? `exit code ${code ?? 0}`}`));
    });
    // A program that reads nothing closes its end early.
    child.stdin.on('error', () => undefined).end(directive);
  });
}

/**
 * Gives the skill's handler a directive, as the target says: over HTTP or by a program.
 * @throws NoAnswer
 */
export async function handleDirective(
  target: Target,
  directive: string,
  deadlineMs: number,
  proxy?: ProxyAccess,
): Promise<HandlerAnswer> {
  const { acceptGrant: handler, ca } = target;
  if (handler === undefined) throw new NoAnswer('refused', 0, 'the target names no acceptGrant');
  if ('command' in handler) return handleByCommand(handler.command, directive, deadlineMs);
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json', ...handler.headers };
  const request = { method: 'POST', url: handler.url, headers, body: directive } as const;
  const { status, body, ms } = await sendHttp({ hosts: reachableHosts(target), ca, proxy }, request, deadlineMs);
  return { text: body, status, ms };
}

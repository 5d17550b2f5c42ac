import { examineRecording, hasFailed, readRecording, UnusableRecording, UnusableTarget } from '@linkbroker/doctor';
import { writeFileSync } from 'node:fs';
import { announce } from './announce.js';
import { HELP, readArguments, type Arguments } from './arguments.js';
import { CannotRun } from './cannot-run.js';
import { examine } from './examine.js';
import { FORMATS } from './formats/formats.js';
import { readRecordingTarget, readRecordingText, readTarget } from './read-files.js';

export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (line: string) => void;
  readonly colour: boolean;
}

/** Nobody is asked anything. */
function judgeRecording(args: Arguments, har: string, { out, err, colour }: Terminal): 0 | 1 {
  const target = readRecordingTarget(args.target);
  err(`doctor: judges the recording ${har}; nothing is sent to anybody`);
  const recording = readRecording(readRecordingText(har));
  const report = examineRecording(target, recording, { now: new Date(), only: args.only });
  out(FORMATS[args.format](report, { colour }));
  return hasFailed(report) ? 1 : 0;
}

/** @throws CannotRun */
function savePicture(file: string, picture: Uint8Array | undefined, { err }: Terminal): void {
  if (picture === undefined) {
    err('doctor: there is no screenshot: no browser opened a page');
    return;
  }
  try {
    writeFileSync(file, picture);
  } catch (error) {
    throw new CannotRun(`${file} cannot be written (${(error as NodeJS.ErrnoException).code ?? ''})`);
  }
}

async function runOn(args: Arguments, env: NodeJS.ProcessEnv, terminal: Terminal): Promise<0 | 1 | 2> {
  const { out, err, colour } = terminal;
  const target = readTarget(args.target);
  for (const line of announce(target, args)) err(`doctor: ${line}`);
  const { report, brokenRecipe, screenshot } = await examine(target, {
    ...{ only: args.only, slow: args.slow, env },
    progress: (line) => err(`  ${line}`),
  });
  out(FORMATS[args.format](report, { colour, screenshot }));
  if (args.screenshot !== undefined) savePicture(args.screenshot, screenshot, terminal);
  if (hasFailed(report)) return 1;
  if (brokenRecipe === undefined) return 0;
  err(`doctor: nobody could be signed in: ${brokenRecipe}`);
  return 2;
}

const isExpected = (error: unknown): error is Error =>
  error instanceof CannotRun || error instanceof UnusableTarget || error instanceof UnusableRecording;

/**
 * `doctor --target FILE [--har FILE] [--format …] [--only R12,R76] [--slow] [--screenshot FILE]`. The report goes out,
 * everything else to err.
 * @returns the exit code: 0 no MUST failed, 1 one failed, 2 it could not run, or nobody could be signed in
 */
export async function runDoctor(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
): Promise<0 | 1 | 2> {
  try {
    const read = readArguments(args);
    if (read === undefined) {
      terminal.out(HELP);
      return 0;
    }
    return read.har === undefined ? await runOn(read, env, terminal) : judgeRecording(read, read.har, terminal);
  } catch (error) {
    if (!isExpected(error)) throw error;
    terminal.err(`doctor: ${error.message}`);
    return 2;
  }
}

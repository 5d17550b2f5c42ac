import { checkedRules, recordedRules } from '@linkbroker/doctor';
import { parseArgs } from 'node:util';
import { CannotRun } from './cannot-run.js';
import { FORMATS, type Format } from './formats/formats.js';

export interface Arguments {
  readonly target: string;
  /** A recording to be judged instead of the server. */
  readonly har: string | undefined;
  readonly format: Format;
  readonly only: readonly string[] | undefined;
  readonly slow: boolean;
  /** Where the picture of the first page goes. */
  readonly screenshot: string | undefined;
}

const options = {
  target: { type: 'string' },
  har: { type: 'string' },
  format: { type: 'string', default: 'text' },
  only: { type: 'string' },
  slow: { type: 'boolean', default: false },
  screenshot: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

export const HELP = `npm run doctor -- --target FILE [options]

Looks at an authorization server as Alexa and a household would, and says which of Alexa's rules it breaks.

  --target FILE      JSON: addresses, client, how to sign in
  --har FILE         judge a sign-in that a browser recorded, instead of the server; nobody signs in
  --format FORMAT    text, json, junit, sarif or html, on standard output; text unless given
  --only R12,R76     these rules alone
  --slow             also let a code grow ten minutes old
  --screenshot FILE  write the first page, as a phone shows it, as PNG
  --help             this text

Exit code 0: no MUST failed. 1: one failed. 2: it could not run.
What stands in a target, and what findings mean: docs/doctor.md
`;

/**
 * Reads the command line.
 * @returns undefined where only help was asked for
 * @throws CannotRun for anything that is not known, rules and formats too
 */
export function readArguments(args: readonly string[]): Arguments | undefined {
  const { target, har, format, only, slow, screenshot, help } = parse(args);
  if (help) return undefined;
  if (target === undefined) throw new CannotRun('--target FILE is missing; --help says more');
  if (!isFormat(format)) throw new CannotRun(`--format ${format}: there are ${Object.keys(FORMATS).join(', ')}`);
  if (har !== undefined && (slow || screenshot !== undefined)) {
    throw new CannotRun('--har judges a recording: --slow and --screenshot do not go with it');
  }
  const known = har === undefined ? checkedRules : recordedRules;
  return { target, har, format, only: readRules(only, known), slow, screenshot };
}

function readRules(only: string | undefined, known: readonly string[]): readonly string[] | undefined {
  const rules = only?.split(',').map((rule) => rule.trim().toUpperCase());
  const unknown = rules?.find((rule) => !known.includes(rule));
  if (unknown !== undefined) throw new CannotRun(`--only ${unknown}: there are ${known.join(', ')}`);
  return rules;
}

const isFormat = (name: string): name is Format => Object.hasOwn(FORMATS, name);

function parse(args: readonly string[]) {
  try {
    return parseArgs({ options, args: [...args] }).values;
  } catch (error) {
    throw new CannotRun((error as Error).message.split('\n', 1)[0]);
  }
}

import { checkedRules } from '@linkbroker/doctor';
import { parseArgs } from 'node:util';
import { CannotRun } from './cannot-run.js';
import { FORMATS, type Format } from './formats/formats.js';

export interface Arguments {
  readonly target: string;
  readonly format: Format;
  readonly only: readonly string[] | undefined;
  readonly slow: boolean;
}

const options = {
  target: { type: 'string' },
  format: { type: 'string', default: 'text' },
  only: { type: 'string' },
  slow: { type: 'boolean', default: false },
} as const;

/**
 * Reads the command line.
 * @throws CannotRun for anything that is not known, rules and formats too
 */
export function readArguments(args: readonly string[]): Arguments {
  const { target, format, only, slow } = parse(args);
  if (target === undefined) throw new CannotRun('--target FILE is missing');
  if (!isFormat(format)) throw new CannotRun(`--format ${format}: there are ${Object.keys(FORMATS).join(', ')}`);
  const rules = only?.split(',').map((rule) => rule.trim().toUpperCase());
  const unknown = rules?.find((rule) => !checkedRules.includes(rule));
  if (unknown !== undefined) throw new CannotRun(`--only ${unknown}: there are ${checkedRules.join(', ')}`);
  return { target, format, only: rules, slow };
}

const isFormat = (name: string): name is Format => Object.hasOwn(FORMATS, name);

function parse(args: readonly string[]) {
  try {
    return parseArgs({ options, args: [...args] }).values;
  } catch (error) {
    throw new CannotRun((error as Error).message.split('\n', 1)[0]);
  }
}

import { isAbsolute, resolve } from 'node:path';
import { callerDirectory } from '../lib/paths.mjs';
import { Problem } from '../lib/problem.mjs';

const most = { '--count': 1_000, '--seed': 4_294_967_295, '--seconds': 600 };

/**
 * @param {string[]} args `--seed N` (the first one, 1), `--count N` (how many; 3, or 1 when a seed is named), `--seconds N`
 *   of faults, `--json FILE`
 * @returns {{ seeds: number[], seconds: number, json: string | null }} @throws {Problem} naming the argument
 */
export function readChaosOptions(args) {
  const given = { '--count': null, '--seed': null, '--seconds': 16, '--json': null };
  const rest = [...args];
  while (rest.length > 0) {
    const [name, inline] = rest.shift().split(/=(.*)/s);
    if (!(name in given)) {
      throw new Problem(`unknown argument ${name}: chaos knows --seed N, --count N, --seconds N and --json FILE`);
    }
    const value = inline ?? rest.shift();
    if (!value) throw new Problem(`${name} needs a value`);
    given[name] = name === '--json' ? value : count(name, value);
  }
  const { '--seed': seed, '--count': many, '--seconds': seconds, '--json': json } = given;
  const [first, length] = [seed ?? 1, many ?? (seed === null ? 3 : 1)];
  return {
    seeds: Array.from({ length }, (_, index) => first + index),
    seconds,
    json: json === null || isAbsolute(json) ? json : resolve(callerDirectory(), json),
  };
}

function count(name, text) {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= most[name]) return value;
  throw new Problem(`${name} must be a number between 1 and ${most[name]}, not "${text}"`);
}

import { isAbsolute, resolve } from 'node:path';
import { callerDirectory } from '../lib/paths.mjs';
import { Problem } from '../lib/problem.mjs';

const full = {
  quick: false,
  /** Links in the database, one size after another. */
  sizes: [10_000, 100_000, 1_000_000],
  /** Token sets that are due, the same at every size. */
  due: 10_000,
  /** How often all that is due is claimed, for latencies: at each size once in a round. */
  drains: 8,
  /** Rounds of the worker and the bare loop, one after the other, over equal parts of what is due. */
  rounds: 4,
  json: null,
};

const quick = { ...full, quick: true, sizes: [100_000], due: 5_000, drains: 2, rounds: 2 };

/**
 * @param {string[]} args `--links N,N,…`, `--quick`, `--json FILE`
 * @returns {typeof full} @throws {Problem} naming the argument
 */
export function readScaleOptions(args) {
  const options = { ...(args.includes('--quick') ? quick : full) };
  const rest = args.filter((one) => one !== '--quick');
  while (rest.length > 0) {
    const [name, inline] = rest.shift().split(/=(.*)/s);
    if (name !== '--json' && name !== '--links') {
      throw new Problem(`unknown argument ${name}: scale knows --links N,N,…, --quick and --json FILE`);
    }
    const value = inline ?? rest.shift();
    if (!value) throw new Problem(`${name} needs a value`);
    if (name === '--json') options.json = isAbsolute(value) ? value : resolve(callerDirectory(), value);
    else options.sizes = value.split(',').map((text) => links(text, options.due));
  }
  return options;
}

function links(text, due) {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= due && value <= 10_000_000) return value;
  throw new Problem(`--links must be numbers between ${due} and 10000000, not "${text}"`);
}

import { isAbsolute, resolve } from 'node:path';
import { callerDirectory } from '../lib/paths.mjs';
import { Problem } from '../lib/problem.mjs';

const full = {
  quick: false,
  rounds: 5,
  /** Connections of the closed loop, each following its own refresh token. */
  chains: 32,
  /** Tokens in play at open-loop arrivals: enough that an arrival hardly ever waits for one to be free. */
  openChains: 128,
  /** Live grants in each server's table, so that indexes have a depth and hot rows lie on pages of their own. */
  population: 20_000,
  /** Seconds. What is sent in the ramp counts for CPU and WAL per request, not for throughput and latency. */
  ramp: 0.5,
  closedSeconds: 4,
  openSeconds: 3,
  codeSeconds: 2,
  warmUpSeconds: 3,
  starts: 3,
  json: null,
  /** Only what timelines cost. */
  timelines: false,
  /** Only AcceptGrant. */
  acceptGrant: false,
};

const quick = {
  ...full,
  quick: true,
  rounds: 2,
  population: 5_000,
  ramp: 0.3,
  closedSeconds: 1.5,
  openSeconds: 1.2,
  codeSeconds: 0.7,
  warmUpSeconds: 1.5,
  starts: 1,
};

const numbers = { '--rounds': 'rounds', '--chains': 'chains' };

/**
 * @param {string[]} args `--quick`, `--timelines`, `--accept-grant`, `--json FILE`, `--rounds N`, `--chains N`
 * @returns {typeof full} @throws {Problem} naming the argument
 */
export function readBenchOptions(args) {
  const flags = { '--timelines': 'timelines', '--accept-grant': 'acceptGrant' };
  const chosen = Object.entries(flags).map(([flag, name]) => [name, args.includes(flag)]);
  const options = { ...(args.includes('--quick') ? quick : full), ...Object.fromEntries(chosen) };
  const rest = args.filter((one) => one !== '--quick' && !(one in flags));
  while (rest.length > 0) {
    const [name, inline] = rest.shift().split(/=(.*)/s);
    if (name !== '--json' && !(name in numbers)) {
      throw new Problem(
        `unknown argument ${name}: bench knows --quick, --timelines, --accept-grant, --json FILE, --rounds N and --chains N`,
      );
    }
    const value = inline ?? rest.shift();
    if (!value) throw new Problem(`${name} needs a value`);
    if (name === '--json') options.json = isAbsolute(value) ? value : resolve(callerDirectory(), value);
    else options[numbers[name]] = count(name, value);
  }
  options.openChains = Math.max(options.openChains, options.chains);
  return options;
}

function count(name, text) {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 1_000) return value;
  throw new Problem(`${name} must be a number between 1 and 1000, not "${text}"`);
}

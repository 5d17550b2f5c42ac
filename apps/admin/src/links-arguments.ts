import { isUuid } from '@linkbroker/protocol';
import { parseArgs } from 'node:util';

export const LINKS_USAGE = `links list   --tenant SLUG [--state active|at_risk|dead|revoked] [--limit N]
links repair --tenant SLUG --link ID
links stale  [--days N] [--hold]

  list    links of a tenant, the newest first; with a state only those that Alexa holds
  repair  prints the address where the household signs in again; Alexa keeps its link
  stale   sign-ins at providers that no link has needed for N days (30), and what speaks against revoking the others;
          a report unless --hold asks for their revocation, which is carried out an hour later
`;

const STATES = ['active', 'at_risk', 'dead', 'revoked'] as const;

export type LinksArguments =
  | {
      readonly command: 'list';
      readonly tenant: string;
      readonly state: (typeof STATES)[number] | undefined;
      readonly limit: number;
    }
  | { readonly command: 'repair'; readonly tenant: string; readonly link: string }
  | { readonly command: 'stale'; readonly days: number; readonly hold: boolean };

/** The command line cannot be understood. */
export class LinksUsageError extends Error {
  constructor(message: string) {
    super(`${message}\n\n${LINKS_USAGE}`);
    this.name = 'LinksUsageError';
  }
}

const COMMANDS: Readonly<Record<string, (values: Values) => LinksArguments>> = {
  list: (values) => {
    only(values, ['tenant', 'state', 'limit']);
    const state = STATES.find((known) => known === values.state);
    if (values.state !== undefined && !state) throw new LinksUsageError(`--state is one of ${STATES.join(', ')}`);
    return { command: 'list', tenant: required(values, 'tenant'), state, limit: whole(values.limit ?? '50', 'limit') };
  },
  repair: (values) => {
    only(values, ['tenant', 'link']);
    const link = required(values, 'link');
    if (!isUuid(link)) throw new LinksUsageError('--link is the id of a link, as list prints it');
    return { command: 'repair', tenant: required(values, 'tenant'), link };
  },
  stale: (values) => {
    only(values, ['days', 'hold']);
    return { command: 'stale', days: whole(values.days ?? '30', 'days'), hold: values.hold ?? false };
  },
};

/** @throws LinksUsageError */
export function readLinksArguments(argv: readonly string[]): LinksArguments {
  const { values, positionals } = parse(argv);
  const [command = '', ...rest] = positionals;
  const read = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (!read || rest.length > 0) throw new LinksUsageError('one command is needed');
  return read(values);
}

type Values = ReturnType<typeof parse>['values'];

function only(values: Values, names: readonly (keyof Values)[]): void {
  const foreign = Object.keys(values).find((name) => !names.includes(name as keyof Values));
  if (foreign !== undefined) throw new LinksUsageError(`--${foreign} does not go with this command`);
}

function required(values: Values, name: 'tenant' | 'link'): string {
  const value = values[name];
  if (value === undefined) throw new LinksUsageError(`--${name} is needed`);
  return value;
}

function whole(text: string, name: string): number {
  const value = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (value < 1) throw new LinksUsageError(`--${name} is a whole number from 1 to 9999`);
  return value;
}

function parse(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = {
    tenant: text,
    state: text,
    limit: text,
    link: text,
    days: text,
    hold: { type: 'boolean' },
  } as const;
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options });
  } catch (error) {
    throw new LinksUsageError(error instanceof Error ? error.message : 'cannot be read');
  }
}

import { parseArgs } from 'node:util';

export const KEYS_USAGE = `keys status
keys rewrap
keys new-data-key     --tenant SLUG | --all
keys reseal           --tenant SLUG | --all
keys remove-data-keys --tenant SLUG | --all
keys new-mac-key
keys remove-mac-key   --key NUMBER

  status            which keys there are and what still needs them
  rewrap            wraps every key by the first one of MASTER_KEYS
  new-data-key      a new data key that values are sealed with from now on
  reseal            seals what is sealed with older data keys with the new one
  remove-data-keys  removes data keys retired for 7 days that nothing is sealed with
  new-mac-key       a new key for the tokens that Alexa holds; signs in five minutes
  remove-mac-key    removes one whose tokens no live household can hold
`;

const OPTIONS = {
  status: [],
  rewrap: [],
  'new-data-key': ['tenant'],
  reseal: ['tenant'],
  'remove-data-keys': ['tenant'],
  'new-mac-key': [],
  'remove-mac-key': ['key'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export interface KeysArguments {
  readonly command: keyof typeof OPTIONS;
  /** Undefined: every tenant, where the command is about tenants. */
  readonly tenant: string | undefined;
  readonly key: string | undefined;
}

/** The command line cannot be understood. */
export class KeysUsageError extends Error {
  constructor(message: string) {
    super(`${message}\n\n${KEYS_USAGE}`);
    this.name = 'KeysUsageError';
  }
}

/** @throws KeysUsageError */
export function readKeysArguments(argv: readonly string[]): KeysArguments {
  const { values, positionals } = parse(argv);
  const [command, ...rest] = positionals;
  if (!isCommand(command) || rest.length > 0) throw new KeysUsageError('one command is needed');
  const options: readonly string[] = OPTIONS[command];
  const { tenant, all, key } = values;
  const scoped = options.includes('tenant');
  if (scoped ? (tenant === undefined) === (all === undefined) : tenant !== undefined || all !== undefined) {
    throw new KeysUsageError(scoped ? 'either --tenant SLUG or --all is needed' : `${command} is not about tenants`);
  }
  if (options.includes('key') ? !/^\d{1,3}$/.test(key ?? '') : key !== undefined) {
    throw new KeysUsageError(`--key NUMBER is for remove-mac-key`);
  }
  return { command, tenant, key };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { tenant: { type: 'string' }, all: { type: 'boolean' }, key: { type: 'string' } },
    });
  } catch (error) {
    throw new KeysUsageError(error instanceof Error ? error.message : 'cannot be read');
  }
}

const isCommand = (text: string | undefined): text is KeysArguments['command'] =>
  text !== undefined && Object.hasOwn(OPTIONS, text);

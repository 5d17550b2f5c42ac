import { isExactHost } from '@linkbroker/alexa';
import { parseArgs } from 'node:util';
import type { Stage } from './fetch-account-linking.js';

export const SMAPI_USAGE = `smapi export --skill CLIENT_ID [--tenant SLUG] [--domain HOST]... [--skip-on-enablement]
             [--out FILE [--with-secret]]
smapi drift  --skill CLIENT_ID [--tenant SLUG] [--domain HOST]... --actual FILE|- | --fetch [--stage live]

  export  the account linking of a skill as Amazon's Skill Management API takes it, and the command that sends it;
          instead of the client secret a placeholder, which that command fills from ALEXA_CLIENT_SECRET
  drift   how what "ask smapi get-account-linking-info" printed differs from it; exit 1 where that matters

      --skill               the client id that Amazon's console holds
      --tenant              whose skill it is; all tenants are searched without
      --domain              one more host for the Domain List
      --skip-on-enablement  the skill can be enabled without linking
      --out                 writes the body to FILE instead of printing it
      --with-secret         reads the client secret from standard input and writes it into FILE
      --actual              the file that holds Amazon's answer, or - for standard input
      --fetch               asks Amazon, with LWA_CLIENT_ID, LWA_CLIENT_SECRET and LWA_REFRESH_TOKEN of the environment
      --stage               development (unless told) or live, with --fetch
`;

interface SkillArguments {
  /** Client id. */
  readonly skill: string;
  /** Slug. */
  readonly tenant: string | undefined;
  readonly domains: readonly string[];
}

export type SmapiArguments =
  | (SkillArguments & {
      readonly command: 'export';
      readonly skipOnEnablement: boolean;
      readonly out: string | undefined;
      readonly withSecret: boolean;
    })
  | (SkillArguments & {
      readonly command: 'drift';
      /** Undefined where Amazon is asked. */
      readonly actual: string | undefined;
      readonly stage: Stage;
    });

/** The command line cannot be understood. */
export class SmapiUsageError extends Error {
  constructor(message: string) {
    super(`${message}\n\n${SMAPI_USAGE}`);
    this.name = 'SmapiUsageError';
  }
}

type Values = ReturnType<typeof parse>['values'];

const COMMANDS: Readonly<Record<string, (values: Values) => SmapiArguments>> = {
  export: (values) => {
    only(values, ['skill', 'tenant', 'domain', 'skip-on-enablement', 'out', 'with-secret']);
    const withSecret = values['with-secret'] ?? false;
    if (withSecret && values.out === undefined) {
      throw new SmapiUsageError('--with-secret needs --out: the secret is not printed');
    }
    const skipOnEnablement = values['skip-on-enablement'] ?? false;
    return { command: 'export', ...skillOf(values), skipOnEnablement, out: values.out, withSecret };
  },
  drift: (values) => {
    only(values, ['skill', 'tenant', 'domain', 'actual', 'fetch', 'stage']);
    const { actual, fetch = false, stage = 'development' } = values;
    if ((actual === undefined) !== fetch) throw new SmapiUsageError('either --actual or --fetch is needed');
    if (stage !== 'development' && stage !== 'live') throw new SmapiUsageError('--stage is development or live');
    if (values.stage !== undefined && !fetch) throw new SmapiUsageError('--stage goes with --fetch');
    return { command: 'drift', ...skillOf(values), actual, stage };
  },
};

/** @throws SmapiUsageError */
export function readSmapiArguments(argv: readonly string[]): SmapiArguments {
  const { values, positionals } = parse(argv);
  const [command = '', ...rest] = positionals;
  const read = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (!read || rest.length > 0) throw new SmapiUsageError('one command is needed');
  return read(values);
}

function skillOf({ skill, tenant, domain = [] }: Values): SkillArguments {
  if (skill === undefined) throw new SmapiUsageError('--skill is needed');
  if (!domain.every(isExactHost)) {
    throw new SmapiUsageError('--domain is one host, without scheme, port, path and wildcard');
  }
  return { skill, tenant, domains: domain };
}

function only(values: Values, names: readonly (keyof Values)[]): void {
  const foreign = Object.keys(values).find((name) => !names.includes(name as keyof Values));
  if (foreign !== undefined) throw new SmapiUsageError(`--${foreign} does not go with this command`);
}

function parse(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = {
    ...{ skill: text, tenant: text, out: text, actual: text, stage: text },
    domain: { type: 'string', multiple: true },
    ...{ 'skip-on-enablement': flag, 'with-secret': flag, fetch: flag },
  } as const;
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options });
  } catch (error) {
    throw new SmapiUsageError(error instanceof Error ? error.message : 'cannot be read');
  }
}

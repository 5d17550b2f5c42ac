import {
  applyConfig,
  checkRelaysStay,
  readConfigFile,
  type ApplyOptions,
  type AppliedTenant,
  type ConfigurationNeeds,
} from '@linkbroker/configuration';
import { ConfigError, type ConfigFile, type ConfigTenant, type TenantId } from '@linkbroker/contracts';
import { ClientIdTaken, type TenantState } from '@linkbroker/persistence';
import { createHash } from 'node:crypto';
import type { AdminNeeds } from '../admin-needs.js';
import { auditOfCall } from '../http/audit-of-call.js';
import { movedProblem } from '../http/check-unchanged.js';
import { ApiProblem, conflict } from '../http/problem.js';
import { tenantOfCall } from '../http/tenant-of-call.js';
import type { Caller } from '../sign-in/caller.js';

type Needs = Pick<AdminNeeds, 'configuration' | 'planning' | 'now'>;

/** A config file as the API takes it. */
export interface SentFile {
  readonly yaml: string;
  readonly prune: boolean;
}

/** What a file would change. */
export interface FilePlan {
  readonly lines: readonly string[];
  readonly liveGrants: number;
  /** Another for another file, another answer to what it changes, or another number of households. */
  readonly expected: string;
}

interface Planned extends FilePlan {
  readonly config: ConfigFile;
  readonly state: TenantState;
}

const NOT_YET = { retireSecrets: false, liveGrants: null } as const;

/**
 * What a file would change in the tenant that the caller is in. Nothing is changed.
 * @param slug that tenant's
 * @throws ApiProblem 422 with a line number for whatever does not fit
 */
export async function planConfigFile(needs: Needs, caller: Caller, slug: string, file: SentFile): Promise<Planned> {
  const tenantId = tenantOfCall(caller);
  const { config, tenant } = readOneTenant(file.yaml, slug);
  const state = await needs.configuration.read(tenantId);
  let liveGrants = 0;
  const store: ConfigurationNeeds['store'] = {
    ...reads(tenantId, state),
    // They are told, and agreed to when the plan is applied.
    countLiveGrants: async (...asked) => {
      liveGrants += await needs.configuration.countLiveGrants(...asked);
      return 0;
    },
    write: () => Promise.reject(new Error('a plan changes nothing')),
  };
  const lines = await withLines(async () => {
    checkRelays(tenant, state);
    return linesOf(await run(needs, store, config, { ...NOT_YET, dryRun: true, prune: file.prune }));
  });
  const expected = createHash('sha256')
    .update(JSON.stringify([file.yaml, file.prune, lines, liveGrants]))
    .digest('base64url');
  return { lines, liveGrants, expected, config, state };
}

/**
 * Makes the tenant what the file says, all or nothing, where that is still what was planned.
 * @throws ApiProblem 412 where it is not, 422 where households would be unlinked whose number was not named
 */
export async function applyConfigFile(
  needs: Needs,
  caller: Caller,
  slug: string,
  file: SentFile & { readonly liveGrants: number; readonly expected: string },
): Promise<Pick<AppliedTenant, 'lines' | 'once'>> {
  const planned = await planConfigFile(needs, caller, slug, file);
  if (planned.expected !== file.expected)
    throw new ApiProblem(412, 'Changed meanwhile', 'It would change something else than was planned: plan it again.');
  const { liveGrants, config, state } = planned;
  if (liveGrants !== file.liveGrants) throw wouldUnlink(liveGrants);
  const tenantId = tenantOfCall(caller);
  const store: ConfigurationNeeds['store'] = {
    ...reads(tenantId, state),
    countLiveGrants: (...asked) => needs.configuration.countLiveGrants(...asked),
    write: async (_tenant, changes, now) => {
      const diff = { changes: changes.map(({ kind }) => kind) };
      const audit = auditOfCall(caller, now, { action: 'tenant.apply', subject: 'config file', diff });
      await needs.configuration.write(tenantId, changes, now, { audit, from: state });
    },
  };
  const options = { dryRun: false, prune: file.prune, retireSecrets: false, liveGrants };
  const [applied] = await withLines(() => run(needs, store, config, options)).catch((error: unknown) => {
    if (error instanceof ClientIdTaken) throw conflict(`The client id ${error.clientId} is already in use.`);
    throw movedProblem(error);
  });
  return { lines: applied?.lines ?? [], once: applied?.once ?? [] };
}

const run = (needs: Needs, store: ConfigurationNeeds['store'], config: ConfigFile, options: ApplyOptions) =>
  applyConfig({ ...needs.planning, store }, config, options);

const linesOf = (applied: readonly AppliedTenant[]): readonly string[] => applied.flatMap(({ lines }) => lines);

const reads = (
  tenantId: TenantId,
  state: TenantState,
): Pick<ConfigurationNeeds['store'], 'resolveTenant' | 'read'> => ({
  resolveTenant: () => Promise.resolve(tenantId),
  read: () => Promise.resolve(state),
});

/** The file, which names this tenant and nobody else. */
function readOneTenant(yaml: string, slug: string): { readonly config: ConfigFile; readonly tenant: ConfigTenant } {
  let config: ConfigFile;
  try {
    config = readConfigFile(yaml, {});
  } catch (error) {
    throw asProblem(error);
  }
  const [tenant, ...others] = config.tenants;
  if (tenant?.slug === slug && others.length === 0) return { config, tenant };
  throw new ApiProblem(422, 'Another tenant', `The file has to name the tenant ${slug}, and no other.`, {
    errors: [
      { field: 'body.yaml', message: `names ${config.tenants.map((one) => one.slug).join(', ') || 'no tenant'}` },
    ],
  });
}

/** A relay is neither put on a skill that is there nor taken off it: its households would be unlinked. */
function checkRelays({ skills }: ConfigTenant, state: TenantState): void {
  checkRelaysStay(skills, state);
  const late = skills.filter(
    ({ slug, relay }) => relay && state.skills.some((known) => known.slug === slug && !known.relay),
  );
  if (late.length === 0) return;
  throw new ConfigError(
    late.map(({ slug }) => ({
      ...{ line: null, path: '' },
      message: `skill ${slug} is there without a relay; it gets one by \`npm run apply\``,
    })),
  );
}

async function withLines<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asProblem(error);
  }
}

/** Variables are the operator's: a file that a tenant sends may not ask for them. */
const VARIABLE = /^environment variable (\w+) is not set$/;
const noVariable = (message: string): string =>
  message.replace(VARIABLE, (_, name: string) => `\${${name}}: over the API a file holds values alone, no variables`);

/** What is wrong with a file, with the lines; any other error as it is. */
function asProblem(error: unknown): unknown {
  if (!(error instanceof ConfigError)) return error;
  const errors = error.problems.map(({ line, path, message }) => ({
    field: 'body.yaml',
    message: [line === null ? '' : `line ${String(line)}`, path, noVariable(message)].filter(Boolean).join(': '),
  }));
  return new ApiProblem(422, 'The configuration does not fit', errors[0]?.message ?? 'Something in it is wrong.', {
    errors,
  });
}

function wouldUnlink(live: number): ApiProblem {
  const detail = `This would unlink ${String(live)} live grant(s); if that is meant, name their number in liveGrants.`;
  return new ApiProblem(422, 'Households would be unlinked', detail, {
    errors: [{ field: 'body.liveGrants', message: `has to be ${String(live)}` }],
  });
}

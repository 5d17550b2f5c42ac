import {
  buildAccountLinking,
  compareAccountLinking,
  isOnLoopback,
  NOT_READ_BACK,
  readAccountLinkingResponse,
  type AccountLinkingRequest,
} from '@linkbroker/alexa';
import type { ConfigurationStore, StoredSkill, TenantState } from '@linkbroker/persistence';
import type { Stage } from './fetch-account-linking.js';
import { readSmapiArguments, type SmapiArguments } from './smapi-arguments.js';
import { skillToLink, type FoundSkill } from './smapi-login-hosts.js';
import { SmapiRefused } from './smapi-refused.js';
import { pasteLines, SECRET_PLACEHOLDER } from './smapi-paste-lines.js';

export interface SmapiNeeds {
  readonly configuration: Pick<ConfigurationStore, 'resolveTenant' | 'read'>;
  /** Slugs of all tenants: a skill is looked for in each of them when nobody says whose it is. */
  readonly tenants: () => AsyncIterable<string>;
  /** The broker's public address, without a slash at its end. */
  readonly publicUrl: string;
  /** The text of a file, or of standard input for `-`. @throws SmapiRefused */
  readonly readText: (file: string) => Promise<string>;
  /** What Amazon has of a skill, as its JSON text. @throws SmapiRefused */
  readonly fetchActual: (skill: { readonly id: string; readonly stage: Stage }) => Promise<string>;
  /** Writes a file that nobody else can read. @throws SmapiRefused */
  readonly writePrivate: (file: string, text: string) => void;
  readonly verifySecret: (secret: string, hash: string) => Promise<boolean>;
  /** What was asked for. */
  readonly print: (line: string) => void;
  /** What a person has to know besides. */
  readonly tell: (line: string) => void;
}

type ExportArguments = Extract<SmapiArguments, { command: 'export' }>;
type DriftArguments = Extract<SmapiArguments, { command: 'drift' }>;

/**
 * Runs one command; false where Amazon's side differs in something that matters.
 * @throws SmapiUsageError, SmapiRefused, AccountLinkingRefused, AccountLinkingUnreadable, and the errors of the stores
 */
export async function runSmapi(needs: SmapiNeeds, argv: readonly string[]): Promise<boolean> {
  const args = readSmapiArguments(argv);
  const stored = await findSkill(needs, args);
  if (args.command === 'drift') return drift(needs, args, stored);
  await writeBody(needs, args, stored);
  return true;
}

interface Stored extends FoundSkill {
  readonly record: StoredSkill;
}

async function findSkill(needs: SmapiNeeds, { skill: clientId, tenant, domains }: SmapiArguments): Promise<Stored> {
  for await (const slug of tenant === undefined ? needs.tenants() : [tenant]) {
    const tenantId = await needs.configuration.resolveTenant(slug);
    if (!tenantId && tenant !== undefined) throw new SmapiRefused(`there is no tenant ${tenant}`);
    // One that was deleted while the list was read has no skills.
    if (!tenantId) continue;
    const state = await needs.configuration.read(tenantId);
    const record = state.skills.find(({ clients }) => clients.some((client) => client.clientId === clientId));
    if (!record) continue;
    const alexa = record.clients.find(({ kind }) => kind === 'alexa')?.clientId;
    if (alexa !== clientId) throw new SmapiRefused(`${clientId} is the backend client; Alexa's is ${String(alexa)}`);
    return { record, ...skillToLink(clientId, record, connectorsOf(state, record), domains) };
  }
  const where = tenant === undefined ? '' : ` of ${tenant}`;
  throw new SmapiRefused(`no skill with the client id ${clientId} was found${where}`);
}

/** In the order of the buttons. */
function connectorsOf({ connectors }: TenantState, { connectorIds }: StoredSkill): TenantState['connectors'] {
  return connectorIds.flatMap((id) => connectors.filter((connector) => connector.id === id));
}

async function writeBody(needs: SmapiNeeds, args: ExportArguments, { record, skill, advice }: Stored): Promise<void> {
  const { publicUrl, tell } = needs;
  const clientSecret = args.withSecret ? await askSecret(needs, record) : SECRET_PLACEHOLDER;
  const { skipOnEnablement, out } = args;
  const { body, leftOut } = buildAccountLinking(skill, { publicUrl, clientSecret, skipOnEnablement });
  const json = JSON.stringify(body, null, 2);
  if (out === undefined) needs.print(json);
  else needs.writePrivate(out, `${json}\n`);
  for (const { host, reason } of leftOut) tell(`not on the Domain List: ${host}: ${reason}`);
  for (const line of [...advice, ...adviceOn(needs, record)]) tell(line);
  const file = out ?? `${record.slug}.json`;
  const { accountLinkingRequest } = body;
  const fills = !args.withSecret && accountLinkingRequest.clientSecret !== undefined;
  for (const line of pasteLines({ skillId: record.alexaSkillId, file, fills })) tell(line);
}

/** What Amazon's side needs beyond the body. */
function adviceOn({ publicUrl }: SmapiNeeds, { scopes, pkce }: StoredSkill): readonly string[] {
  return [
    ...(isOnLoopback(publicUrl) ? [`${publicUrl} is on this machine: Alexa cannot open it (R6)`] : []),
    ...(scopes.length === 0 ? ['the skill has no scopes; a smart home skill needs one (R130)'] : []),
    ...(pkce === 'required' ? ['the skill requires PKCE: turn it on in the console, the API has no field for it'] : []),
  ];
}

/** The secret from standard input, if it is the one that the broker expects. */
async function askSecret(needs: SmapiNeeds, record: StoredSkill): Promise<string> {
  const secret = (await needs.readText('-')).replace(/\r?\n$/, '');
  const known = record.clients.find(({ kind }) => kind === 'alexa')?.secrets ?? [];
  for (const { hash, superseded } of known) {
    if (!(await needs.verifySecret(secret, hash))) continue;
    if (superseded) needs.tell('this client secret is superseded: it stops working once it has not been used for long');
    return secret;
  }
  throw new SmapiRefused('what came on standard input is not a client secret of this skill');
}

async function drift(needs: SmapiNeeds, args: DriftArguments, stored: Stored): Promise<boolean> {
  const expected = expectedOf(needs, stored);
  const actual = readAccountLinkingResponse(await actualOf(needs, args, stored));
  const differences = compareAccountLinking(expected, actual);
  for (const { field, matters, text } of differences) {
    needs.print(`${matters ? 'differs ' : 'harmless'}  ${field}: ${text}`);
  }
  for (const { field, advice } of NOT_READ_BACK) needs.print(`not read  ${field}: ${advice}`);
  for (const line of stored.advice) needs.tell(line);
  const count = differences.filter(({ matters }) => matters).length;
  needs.print(`differences that matter: ${String(count)}, harmless: ${String(differences.length - count)}`);
  return count === 0;
}

/** From Amazon itself, or from a file. */
async function actualOf(needs: SmapiNeeds, { actual, stage }: DriftArguments, { record }: Stored): Promise<string> {
  if (actual !== undefined) return needs.readText(actual);
  if (record.alexaSkillId === null) {
    throw new SmapiRefused(`skill ${record.slug} has no skillId in its configuration: Amazon is asked by it`);
  }
  return needs.fetchActual({ id: record.alexaSkillId, stage });
}

/** Secret and enabling are not given back, and so not compared. */
function expectedOf({ publicUrl, tell }: SmapiNeeds, { skill }: Stored): AccountLinkingRequest {
  const unread = { clientSecret: SECRET_PLACEHOLDER, skipOnEnablement: false };
  const { body, leftOut } = buildAccountLinking(skill, { publicUrl, ...unread });
  for (const { host, reason } of leftOut) tell(`not on the Domain List: ${host}: ${reason}`);
  return body.accountLinkingRequest;
}

import type { TenantId } from '@linkbroker/contracts';
import { proveImportedLinks, refreshDueTokens, stageImportedLinks, type LineOutcome } from '@linkbroker/linking';
import { DatabaseUnavailable, ImportsStore, type AuditEntry, type ImportTarget } from '@linkbroker/persistence';
import { noteSecret } from '@linkbroker/testing';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { refresh, type Answer, type Client } from './alexa.js';
import { startHouseholdProvider, type HouseholdProvider } from './household-provider.js';
import { startTestBroker, type TestBroker } from './test-broker.js';
import { untilSeen } from './until-seen.js';

export const OLD: Client = { clientId: 'alexa-old', clientSecret: 'old-secret' };
export const OTHER: Client = { clientId: 'alexa-other', clientSecret: 'other-secret' };
export const RIVAL: Client = { clientId: 'alexa-moved-rival', clientSecret: 'moved-rival-secret' };
export const OLD_BACKEND: Client = { clientId: 'old-backend', clientSecret: 'old-backend-secret' };

const connector = (url: string): string =>
  `{ slug: home, name: Home, provider: oauth2, clientId: app, clientSecret: secret, scopes: [read], endpoints: { authorization: "${url}/authorize", token: "${url}/token", userinfo: "${url}/userinfo" } }`;
const skill = (slug: string, { clientId, clientSecret }: Client, more = ''): string =>
  `{ slug: ${slug}, name: Moved, clientId: ${clientId}, clientSecret: ${clientSecret}, vendorId: M3KVOEXUO4ALBL, scopes: [lights, heating], connectors: [home]${more} }`;
const config = (url: string): string => `
tenants:
  - slug: moved
    name: Moved
    connectors: [${connector(url)}]
    skills:
      - ${skill('lights', OLD, `, backend: { clientId: ${OLD_BACKEND.clientId}, clientSecret: ${OLD_BACKEND.clientSecret} }`)}
      - ${skill('other', OTHER)}
  - slug: moved-rival
    name: Rival
    connectors: [${connector(url)}]
    skills: [${skill('lights', RIVAL)}]
`;

export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** A broker whose skill had another server before, the provider behind both, and what an import does. */
export interface ImportWorld {
  readonly broker: TestBroker;
  readonly provider: HouseholdProvider;
  readonly imports: ImportsStore;
  /** A token as the server before issued it. */
  readonly oldToken: () => string;
  readonly target: ImportTarget & { readonly tenantId: TenantId };
  /** A new import, started unless told otherwise. */
  readonly begin: (change?: { keepUntil?: Date; start?: boolean }) => Promise<string>;
  readonly add: (
    importId: string,
    lines: readonly unknown[],
    dry?: boolean,
  ) => Promise<readonly LineOutcome[] | undefined>;
  /** What the worker does until there is nothing to do. */
  readonly work: () => Promise<void>;
  readonly progress: (importId: string) => ReturnType<ImportsStore['find']>;
  readonly close: () => Promise<void>;
}

export async function startImportWorld(): Promise<ImportWorld> {
  const broker = await startTestBroker();
  const provider = await startHouseholdProvider();
  await broker.apply(() => config(provider.url));
  const admin = await broker.database.open('admin');
  const imports = new ImportsStore(admin.dataSource);
  const [row] = await broker.database.sql<{ id: string }>(`SELECT id FROM linkbroker.tenants WHERE slug = 'moved'`);
  const tenantId = row!.id as TenantId;
  const found = await imports.findTarget(tenantId, 'lights', 'home');
  const secret = noteSecret('token of the server before', randomBytes(18).toString('base64url'));
  const { seal, fingerprint } = broker.broker.needs;
  const needs = { now: broker.clock.now, randomBytes, seal, fingerprint, imports };
  const audit = (): AuditEntry => ({
    ...{ at: broker.clock.now(), actor: { kind: 'command', id: null, label: 'test' } },
    ...{ action: 'import.test', subject: 'import', diff: {}, address: null },
  });
  const begin: ImportWorld['begin'] = async ({ keepUntil, start = true } = {}) => {
    const id = randomUUID();
    const now = broker.clock.now();
    const { skillId, connectorId } = found!;
    const until = keepUntil ?? new Date(now.getTime() + 90 * 86_400_000);
    await imports.create(tenantId, { id, skillId, connectorId, keepUntil: until, by: 'test', now }, audit());
    if (start) await imports.start(tenantId, id, now, audit());
    return id;
  };
  const add: ImportWorld['add'] = (importId, lines, dry = false) =>
    stageImportedLinks(
      needs,
      {
        ...{ tenantId, importId, dry, skillScopes: found!.skillScopes, seen: new Map() },
        connector: { id: found!.connectorId, provider: 'oauth2', scopes: ['read'] },
      },
      lines.map((value, index) => ({ line: index + 1, value })),
      performance.now() + 60_000,
    );
  const work: ImportWorld['work'] = async () => {
    for (let idle = 0; idle < 3; idle += 1) {
      const done = (await inTime(refreshDueTokens(broker.worker))) + (await inTime(proveImportedLinks(broker.worker)));
      if (done > 0) idle = 0;
    }
  };
  return {
    ...{ broker, provider, imports, begin, add, work },
    target: { ...found!, tenantId },
    oldToken: () => `${secret}.${randomBytes(16).toString('base64url')}`,
    progress: (importId) => imports.find(tenantId, importId),
    close: async () => {
      await broker.close();
      await provider.close();
    },
  };
}

/** A run that could not claim in time on a busy machine is made again, as the worker does: it has done nothing. */
async function inTime(run: Promise<number>): Promise<number> {
  try {
    return await run;
  } catch (error) {
    if (error instanceof DatabaseUnavailable) return 0;
    throw error;
  }
}

/** A household that is linked at the server before. */
export interface OldHousehold {
  readonly subject: string;
  /** The refresh token that Alexa holds from there. */
  readonly token: string;
  readonly chain: { readonly refreshToken: string; readonly accessToken: string };
  /** Its line in the file. */
  readonly line: Record<string, unknown>;
}

let households = 0;

export function oldHousehold(world: ImportWorld): OldHousehold {
  households += 1;
  const subject = `household-${String(households)}`;
  const token = world.oldToken();
  const chain = world.provider.newChain(subject);
  const line = { subject, upstream: { refreshToken: chain.refreshToken }, refreshTokens: [hashOf(token)] };
  return { subject, token, chain, line };
}

/** Imports lines and has them proved; the import. */
async function importLines(world: ImportWorld, ...lines: readonly unknown[]): Promise<string> {
  const id = await world.begin();
  const outcomes = await world.add(id, lines);
  expect(outcomes?.filter(({ outcome }) => outcome === 'refused')).toEqual([]);
  await world.work();
  await untilSeen(world.broker, OLD.clientId, ({ foreignTokens }) => foreignTokens === true);
  return id;
}

/** An import world of a spec's own, with what its tests do again and again. */
export interface UsedImportWorld {
  readonly world: () => ImportWorld;
  readonly sql: TestBroker['database']['sql'];
  readonly later: (seconds: number) => void;
  /** Refreshes, as the client of the skill that has moved unless told otherwise. */
  readonly again: (token: string, client?: Client) => Promise<Answer>;
  readonly household: () => OldHousehold;
  readonly imported: (...lines: readonly unknown[]) => Promise<string>;
}

/** Starts it before the tests of a file and ends it after them. */
export function useImportWorld(): UsedImportWorld {
  let world: ImportWorld;
  beforeAll(async () => {
    world = await startImportWorld();
  }, 60_000);
  afterAll(() => world.close());
  return {
    world: () => world,
    sql: (text, values) => world.broker.database.sql(text, values),
    later: (seconds) => {
      world.broker.clock.advance({ seconds });
    },
    again: (token, client = OLD) => refresh(world.broker, client, token),
    household: () => oldHousehold(world),
    imported: (...lines) => importLines(world, ...lines),
  };
}

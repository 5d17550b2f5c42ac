import type { TenantId } from '@linkbroker/contracts';
import type { BroughtLine, LineOutcome } from '@linkbroker/linking';
import type { AuditEntry, ImportProgress, ImportTarget } from '@linkbroker/persistence';
import { uuidV7 } from '@linkbroker/protocol';
import { addLines } from './imports/add-lines.js';
import { beginImport, findDestination } from './imports/begin-import.js';
import type { ImportNeeds, LinesOfImport } from './imports/import-needs.js';
import type { ImportArguments } from './import-arguments.js';

export interface ImportCommandNeeds extends ImportNeeds {
  readonly resolveTenant: (slug: string) => Promise<TenantId | undefined>;
  readonly lines: AsyncIterable<BroughtLine>;
  readonly print: (line: string) => void;
  /** Who runs the command, for the audit log. */
  readonly by: string;
  /** Lets some time pass between two looks at how far the worker is. */
  readonly pause: () => Promise<void>;
}

/** What was asked for cannot be done, in words for the one who asked. */
export class ImportRefused extends Error {
  override readonly name = 'ImportRefused';
}

/** Lines that are staged together. */
const BATCH = 500;
/** A wrong file has as many reasons as lines: these are told, and the rest are counted. */
const MOST_TOLD = 100;

/**
 * Brings a file of links in, and waits until the worker has proved them.
 * @returns whether every line is there, or would be
 * @throws ImportRefused, and the errors of the stores
 */
export async function runImport(needs: ImportCommandNeeds, args: ImportArguments): Promise<boolean> {
  const tenantId = await needs.resolveTenant(args.tenant);
  if (!tenantId) throw new ImportRefused(`there is no tenant ${args.tenant}`);
  const target = await findDestination(needs, tenantId, { ...args, by: needs.by });
  if (typeof target === 'string') throw new ImportRefused(target);
  const { skillId, connectorId } = target;
  const same = await needs.imports.findSame(tenantId, { skillId, connectorId, keepUntil: args.keepUntil });
  if (args.dryRun) return rehearse(needs, tenantId, args, target, same);
  const importId = same ?? (await begin(needs, tenantId, args));
  const counts = await addAll(needs, { ...args, tenantId, importId, dry: false, seen: new Map() });
  needs.print(`import ${importId}: ${describe(counts)}`);
  await needs.imports.start(tenantId, importId, needs.now(), auditOf(needs, 'import.start', importId, { ...counts }));
  if (!args.wait) return counts.refused === 0;
  const end = await waitForWorker(needs, tenantId, importId);
  await tellTroubled(needs, tenantId, end);
  return counts.refused === 0 && end.refused === 0 && end.pending === 0;
}

/** Everything is done as it would be, and taken back. */
async function rehearse(
  needs: ImportCommandNeeds,
  tenantId: TenantId,
  args: ImportArguments,
  { skillId, connectorId }: ImportTarget,
  same: string | undefined,
): Promise<boolean> {
  const importId = same ?? uuidV7(needs.now(), needs.randomBytes(10));
  const { keepUntil } = args;
  const begin = { id: importId, skillId, connectorId, keepUntil, by: needs.by, now: needs.now() };
  const into = { ...args, tenantId, importId, dry: true, seen: new Map(), ...(same === undefined && { begin }) };
  const counts = await addAll(needs, into);
  needs.print(`dry run: ${describe(counts)}; nothing was changed`);
  return counts.refused === 0;
}

async function begin(needs: ImportCommandNeeds, tenantId: TenantId, args: ImportArguments): Promise<string> {
  const { skill, connector, keepUntil } = args;
  const diff = { skill, connector, keepUntil: keepUntil.toISOString() };
  const begun = await beginImport(needs, tenantId, { ...args, by: needs.by }, (id) =>
    auditOf(needs, 'import.create', id, diff),
  );
  if (typeof begun === 'string') throw new ImportRefused(begun);
  return begun.id;
}

interface Counts {
  readonly staged: number;
  readonly known: number;
  readonly refused: number;
}

const describe = ({ staged, known, refused }: Counts): string =>
  `${String(staged)} new, ${String(known)} there already, ${String(refused)} refused`;

/** Adds the whole file, and tells which of its lines are wrong. */
async function addAll(needs: ImportCommandNeeds, into: LinesOfImport): Promise<Counts> {
  const counts = { staged: 0, known: 0, refused: 0 };
  const settle = (outcome: LineOutcome): void => {
    counts[outcome.outcome] += 1;
    if (outcome.outcome !== 'refused') return;
    if (counts.refused <= MOST_TOLD) needs.print(`line ${String(outcome.line)}: ${outcome.reason}`);
    if (counts.refused === MOST_TOLD + 1) needs.print('further refused lines are counted only');
  };
  for await (const batch of batchesOf(needs.lines)) {
    const outcomes = await addLines(needs, into, batch);
    if (!outcomes)
      throw new ImportRefused('the import was given up, or its skill does not offer its connector any more');
    outcomes.forEach(settle);
  }
  return counts;
}

async function* batchesOf(lines: AsyncIterable<BroughtLine>): AsyncGenerator<BroughtLine[]> {
  let batch: BroughtLine[] = [];
  for await (const line of lines) {
    batch.push(line);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Until nothing is pending but what something is in the way of. */
async function waitForWorker(needs: ImportCommandNeeds, tenantId: TenantId, importId: string): Promise<ImportProgress> {
  for (let told = ''; ;) {
    const progress = await needs.imports.find(tenantId, importId);
    if (!progress) throw new ImportRefused('the import is gone');
    const { pending, held, adopted, refused, used } = progress;
    const line = `${String(adopted)} adopted (${String(used)} used by Alexa), ${String(refused)} refused, ${String(pending)} pending`;
    if (line !== told) needs.print(held > 0 ? `${line}, ${String(held)} of them held up` : line);
    told = line;
    if (pending === held) return progress;
    await needs.pause();
  }
}

async function tellTroubled(
  needs: ImportCommandNeeds,
  tenantId: TenantId,
  { id, held }: ImportProgress,
): Promise<void> {
  for (const state of ['refused', 'pending'] as const) {
    const lines = await needs.imports.troubled(tenantId, id, state, undefined, MOST_TOLD);
    for (const { line, reason } of lines) needs.print(`line ${String(line)}, ${state}: ${reason}`);
  }
  if (held > 0)
    needs.print('what is held up is tried again by the worker: look again later, or bring the file once more');
}

const auditOf = (needs: ImportCommandNeeds, action: string, id: string, diff: AuditEntry['diff']): AuditEntry => ({
  ...{ at: needs.now(), actor: { kind: 'command', id: null, label: needs.by } },
  ...{ action, subject: id, diff, address: null },
});

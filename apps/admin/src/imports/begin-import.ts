import type { TenantId } from '@linkbroker/contracts';
import { importRefusal } from '@linkbroker/linking';
import type { AuditEntry, ImportTarget } from '@linkbroker/persistence';
import { uuidV7 } from '@linkbroker/protocol';
import type { AskedImport, ImportNeeds } from './import-needs.js';

const LONGEST_KEEP_MS = 10 * 365 * 86_400_000;
const STATEMENT_MS = 5_000;

/**
 * Where an import would lead, or why there can be none, in words for the one who asked.
 */
export async function findDestination(
  needs: ImportNeeds,
  tenantId: TenantId,
  { skill, connector, keepUntil }: AskedImport,
): Promise<ImportTarget | string> {
  const now = needs.now().getTime();
  if (Number.isNaN(keepUntil.getTime()) || keepUntil.getTime() <= now || keepUntil.getTime() > now + LONGEST_KEEP_MS)
    return 'The date until which old refresh tokens are taken has to lie in the future, and within ten years.';
  const target = await needs.imports.findTarget(tenantId, skill, connector);
  if (!target) return `There is no skill ${skill} that offers a connector ${connector}.`;
  const found = await needs.connectors.find(tenantId, target.connectorId, performance.now() + STATEMENT_MS);
  const refusal = importRefusal(target.relayed, found?.provider ?? '');
  return refusal === undefined ? target : `${refusal.charAt(0).toUpperCase()}${refusal.slice(1)}.`;
}

/**
 * Begins an import: it is there, and nothing is asked of its provider before it is started.
 * @returns its id, or why there can be none
 */
export async function beginImport(
  needs: ImportNeeds,
  tenantId: TenantId,
  asked: AskedImport,
  audit: (id: string) => AuditEntry,
): Promise<{ readonly id: string } | string> {
  const target = await findDestination(needs, tenantId, asked);
  if (typeof target === 'string') return target;
  const now = needs.now();
  const id = uuidV7(now, needs.randomBytes(10));
  const { skillId, connectorId } = target;
  const { keepUntil, by } = asked;
  await needs.imports.create(tenantId, { id, skillId, connectorId, keepUntil, by, now }, audit(id));
  return { id };
}

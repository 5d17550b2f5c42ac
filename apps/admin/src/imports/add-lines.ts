import {
  stageImportedLinks,
  type BroughtLine,
  type LineOutcome,
  type StageImportedLinksNeeds,
} from '@linkbroker/linking';
import type { ImportNeeds, LinesOfImport } from './import-needs.js';

const STATEMENT_MS = 10_000;

/** Stages lines of an import; undefined when it was given up, or its skill does not offer its connector any more. */
export async function addLines(
  needs: ImportNeeds,
  { tenantId, importId, skill, connector, dry, seen, begin }: LinesOfImport,
  lines: readonly BroughtLine[],
): Promise<readonly LineOutcome[] | undefined> {
  const deadline = performance.now() + STATEMENT_MS;
  const target = await needs.imports.findTarget(tenantId, skill, connector);
  const found = target && (await needs.connectors.find(tenantId, target.connectorId, deadline));
  if (!found) return undefined;
  const destination = { tenantId, importId, connector: found, skillScopes: target.skillScopes, dry, seen };
  const stage: StageImportedLinksNeeds['imports']['stage'] = (tenant, id, staged, options) =>
    needs.imports.stage(tenant, id, staged, { ...options, ...(begin && { begin }) });
  return stageImportedLinks({ ...needs, imports: { stage } }, destination, lines, deadline);
}

import {
  keepUnstored,
  type ProveImportedLinksNeeds,
  type RecoverAnswersNeeds,
  type RefreshDueNeeds,
  type RevokeUpstreamNeeds,
} from '@linkbroker/linking';
import {
  ConnectorsStore,
  DueTokenSetsStore,
  ImportedLinksStore,
  RevocationsStore,
  SharedTokenSetsStore,
  type Database,
} from '@linkbroker/persistence';
import { Spool } from '@linkbroker/spool';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import type { BrokerNeeds } from '../src/broker-needs.js';

export type WorkerFlows = Omit<
  RefreshDueNeeds & RecoverAnswersNeeds & RevokeUpstreamNeeds & ProveImportedLinksNeeds,
  'tokenSets' | 'dueTokenSets' | 'importedLinks'
> & {
  readonly tokenSets: SharedTokenSetsStore;
  readonly dueTokenSets: DueTokenSetsStore;
  readonly importedLinks: ImportedLinksStore;
};

/** A stream that is away, so that the disk is the one second place. */
const noStream = {
  keep: () => Promise.reject(new Error('no Redis here')),
  list: () => Promise.reject(new Error('no Redis here')),
  remove: () => Promise.reject(new Error('no Redis here')),
};

/** The worker's flows beside a broker under test: its vault and egress, the worker's own database role. */
export function workerNeeds(
  { trace, egress, documents, open, seal, metrics, fingerprint }: BrokerNeeds,
  database: Database,
  now: () => Date,
): WorkerFlows {
  const spool = new Spool(mkdtempSync(join(tmpdir(), 'linkbroker-spool-')));
  const unstored = { spool, stream: noStream };
  const connectors = new ConnectorsStore(database, open);
  return {
    ...{ fingerprint, importedLinks: new ImportedLinksStore(database) },
    ...{ now, randomBytes, trace, egress, documents, open, seal, unstored },
    countUpstreamRefresh: metrics.countUpstreamRefresh.bind(metrics),
    keepUnstored: (tenantId, answer) => keepUnstored(unstored, tenantId, answer),
    connectors,
    removedConnectors: connectors,
    tokenSets: new SharedTokenSetsStore(database),
    dueTokenSets: new DueTokenSetsStore(database),
    revocations: new RevocationsStore(database),
  };
}

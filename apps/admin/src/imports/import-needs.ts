import type { TenantId } from '@linkbroker/contracts';
import type { StageImportedLinksNeeds } from '@linkbroker/linking';
import type { ConnectorsStore, ImportsStore, NewImport } from '@linkbroker/persistence';

/** What imports need, of the API and of the command. */
export interface ImportNeeds extends Omit<StageImportedLinksNeeds, 'imports'> {
  readonly imports: ImportsStore;
  readonly connectors: Pick<ConnectorsStore, 'find'>;
}

/** An import that is asked for. */
export interface AskedImport {
  readonly skill: string;
  readonly connector: string;
  readonly keepUntil: Date;
  /** Who asks. */
  readonly by: string;
}

/** Lines of one tenant's import. */
export interface LinesOfImport {
  readonly tenantId: TenantId;
  readonly importId: string;
  readonly skill: string;
  readonly connector: string;
  readonly dry: boolean;
  readonly seen: Map<string, number>;
  /** Of a dry run: an import that is made for it and taken back with it. */
  readonly begin?: NewImport;
}

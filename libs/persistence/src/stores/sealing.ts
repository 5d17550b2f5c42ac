import type { Deadline, TenantId } from '@linkbroker/contracts';

/** Where a sealed value lives; goes into its authenticated data, so that a value moved elsewhere does not open. */
export interface SealedPlace {
  readonly tenantId: TenantId;
  readonly row: string;
  readonly field: string;
  readonly version: number;
}

/** The vault's half that stores need; they are handed it, because adapters do not import each other. */
export type OpenSealed = (place: SealedPlace, sealed: Buffer, deadline: Deadline) => Promise<Buffer>;
export type Seal = (place: SealedPlace, plain: Buffer, deadline: Deadline) => Promise<Buffer>;

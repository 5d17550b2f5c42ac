import type { TenantId } from '@linkbroker/contracts';
import { createScratchDatabase, type ScratchDatabase } from '../src/testing/index.js';
import { EventDeliveriesStore, EventLogStore, type ClaimedDelivery, type DeliveryEnd } from '../src/index.js';
import { createTenantFixture, type TenantFixture } from './tenant-fixture.js';
import { createWebhook } from './webhook-fixture.js';

const START = new Date('2026-11-22T12:00:00Z');
const deadline = (): number => performance.now() + 10_000;

/** So many seconds after the beginning of a test. */
export const at = (seconds: number): Date => new Date(START.getTime() + seconds * 1_000);

/** The statement that writes an event with a note in it, and its values. */
export const RECORD = `SELECT linkbroker.record_event($1, $2, $3, $4, 'link.created', jsonb_build_object('note', $5::text), $6)`;
export const recording = (tenant: TenantFixture, link: string | null, note: string, seconds = 0) => [
  ...[tenant.tenantId, tenant.skillId, tenant.connectorId, link, note, at(seconds)],
];

export const notes = (claimed: readonly ClaimedDelivery[]) => claimed.map(({ data }) => data['note']);

/** A tenant whose webhooks want `link.created`, and the stores of two workers and an operator. */
export class DeliveryWorld {
  own!: TenantFixture;

  private constructor(
    readonly scratch: ScratchDatabase,
    readonly store: EventDeliveriesStore,
    readonly other: EventDeliveriesStore,
    readonly log: EventLogStore,
  ) {}

  static async open(): Promise<DeliveryWorld> {
    const scratch = await createScratchDatabase();
    const [one, two] = [await scratch.open('worker'), await scratch.open('worker')];
    const { dataSource } = await scratch.open('admin');
    const stores = [one, two].map(({ database }) => new EventDeliveriesStore(database));
    return new DeliveryWorld(scratch, stores[0]!, stores[1]!, new EventLogStore(dataSource));
  }

  /** Another tenant, and no event of anybody's. */
  async startAfresh(): Promise<void> {
    await this.scratch.sql('TRUNCATE linkbroker.webhooks, linkbroker.events CASCADE');
    this.own = await this.tenant();
  }

  readonly tenant = (): Promise<TenantFixture> => createTenantFixture(this.scratch);

  readonly webhook = (tenant = this.own): Promise<string> => createWebhook(this.scratch, tenant, ['link.created']);

  readonly record = (link: string | null, note: string, seconds = 0, tenant = this.own) =>
    this.scratch.sql(RECORD, recording(tenant, link, note, seconds));

  readonly claim = (seconds: number, limit = 100, perWebhook = 100, from = this.store): Promise<ClaimedDelivery[]> =>
    from.claimDue(at(seconds), { leaseUntil: at(seconds + 60), limit, perWebhook }, deadline());

  readonly end = (
    { tenantId, id, attempt }: Pick<ClaimedDelivery, 'tenantId' | 'id' | 'attempt'>,
    state: DeliveryEnd['state'],
    seconds: number,
    change: Partial<DeliveryEnd> = {},
  ): Promise<boolean> => {
    const end = { id, attempt, state, status: null, error: null, tookMs: 1.5, next: null, sick: state !== 'delivered' };
    return this.store.finish(tenantId, { ...end, ...change }, at(seconds), deadline());
  };

  readonly disable = (tenantId: TenantId, id: string, reason: string, seconds: number): Promise<void> =>
    this.store.disableWebhook(tenantId, { id, reason }, at(seconds), deadline());

  readonly prune = (beforeSeconds: number): Promise<number> => this.store.prune(at(beforeSeconds), 10, deadline());

  readonly close = (): Promise<void> => this.scratch.close();
}

import type { TenantId } from '@linkbroker/contracts';

/**
 * How many token requests of each tenant this process answers at once. Whoever comes beyond that is asked to come again, so
 * that a tenant whose skill or provider is in trouble cannot make the households of others wait behind it.
 */
export class TenantTurns {
  private readonly underWay = new Map<TenantId, number>();

  /** @param most of one tenant at once */
  constructor(private readonly most: number) {}

  /** The end of the turn, to be called once; undefined where the tenant has as many under way as it may. */
  enter(tenantId: TenantId): (() => void) | undefined {
    const count = this.underWay.get(tenantId) ?? 0;
    if (count >= this.most) return undefined;
    this.underWay.set(tenantId, count + 1);
    return () => {
      const left = (this.underWay.get(tenantId) ?? 1) - 1;
      if (left > 0) this.underWay.set(tenantId, left);
      else this.underWay.delete(tenantId);
    };
  }
}

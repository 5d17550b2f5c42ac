declare const brand: unique symbol;

/** The isolation boundary: first argument of every store verb. A UUID. */
export type TenantId = string & { readonly [brand]: 'TenantId' };

/** Marks a UUID that came out of an authenticated context or a definer function as a tenant's id. */
export function asTenantId(uuid: string): TenantId {
  return uuid as TenantId;
}

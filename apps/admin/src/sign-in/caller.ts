import type { Permission, TenantId } from '@linkbroker/contracts';

/** Who asks, as far as it was proved. */
export type Principal =
  /** Whoever holds DATA_DIR/operator.key. */
  | { readonly kind: 'operator-key' }
  /** Somebody who is signed in, second factor included where one is due. */
  | {
      readonly kind: 'person';
      readonly accountId: string;
      readonly label: string;
      readonly operator: boolean;
      readonly sessionId: string;
      readonly csrf: string;
      readonly signedInAt: Date;
      /** When a second factor was last presented in this session. */
      readonly secondFactorAt: Date | null;
      /** The one tenant that the session is good for, where a tenant's own provider vouched for it. */
      readonly only: TenantId | null;
    }
  | {
      readonly kind: 'api-key';
      readonly keyId: string;
      readonly label: string;
      readonly tenantId: TenantId;
      readonly permissions: readonly Permission[];
    };

export type Person = Extract<Principal, { kind: 'person' }>;

/** Who makes a request, and the tenant that its route names. */
export interface Caller {
  /** Null where nobody has proved anything: on public routes only. */
  readonly principal: Principal | null;
  readonly tenantId?: TenantId;
  readonly tenantSlug?: string;
  readonly address: string;
}

/** A column of a tenant's table that the vault seals. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** The version in a value's place, as SQL over the row. */
  readonly version: string;
}

/**
 * Every column that holds sealed values. A new one stands here, or a rotation of its tenant's data key leaves it behind;
 * the role that rotates keys may update it. A column named `…_by_token` does not: what it holds is sealed under
 * something that a client presents, and no key of ours opens it.
 */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: 'upstream_token_sets', column: 'sealed', version: 'v.version' },
  { table: 'connectors', column: 'client_secret', version: '0' },
  { table: 'webhooks', column: 'secrets', version: '0' },
  { table: 'skills', column: 'relay_secret', version: '0' },
  { table: 'skills', column: 'events_secret', version: '0' },
  { table: 'event_grants', column: 'sealed', version: 'v.version' },
  { table: 'alexa_events', column: 'sealed', version: '0' },
];

/**
 * Columns of no tenant's, sealed under a key of the installation that is made from the fingerprint key: a rotation of
 * data keys has nothing to do with them, and one of master keys wraps the fingerprint key anew.
 */
export const INSTALLATION_SEALED_COLUMNS: readonly string[] = [
  'accounts.totp_secret',
  'sign_in_providers.client_secret',
];

/** Octets of a sealed value before its nonce: format, and the id of its data key. */
const HEADER_BYTES = 17;

/** Over `v`: whether a value is there, and not what was wiped. */
export const isSealed = ({ column }: SealedColumn): string =>
  `length(v.${column}) > ${String(HEADER_BYTES)} AND get_byte(v.${column}, 0) = 1`;

/** Over `v`: the id of the value's data key, as 16 octets. */
export const dataKeyOf = ({ column }: SealedColumn): string => `substring(v.${column} FROM 2 FOR 16)`;

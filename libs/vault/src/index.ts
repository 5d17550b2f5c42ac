/**
 * Keys and what they protect: master keys, a data key per tenant, sealed values, the MAC key ring, keyed
 * fingerprints, hashed secrets.
 * Owns no storage: rows are read and written through the shapes it declares.
 */
export * from './decryption-failed.js';
export * from './fingerprints.js';
export * from './mac-key-ring.js';
export * from './master-keys.js';
export * from './secret-hash.js';
export * from './secret-verifier.js';
export { Vault, type DataKeyRows, type Place, type WrappedKey } from './vault.js';

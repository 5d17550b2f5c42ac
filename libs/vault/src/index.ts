/**
 * Keys and what they protect: master keys, a data key per tenant, sealed values, the MAC key ring, keyed
 * fingerprints, hashed secrets.
 * Owns no storage: rows are read and written through the shapes it declares.
 */
export * from './check-master-keys.js';
export * from './decryption-failed.js';
export { Fingerprints, type FingerprintKeyRows, type WrappedFingerprintKeyRow } from './fingerprints.js';
export * from './installation-seal.js';
export * from './key-rotation.js';
export { MacKeyRing, type MacKeyRows, type WrappedMacKeyRow } from './mac-key-ring.js';
export * from './master-keys.js';
export * from './password-hash.js';
export * from './reseal.js';
export * from './secret-hash.js';
export * from './secret-verifier.js';
export { Vault, type DataKeyRows, type Place, type WrappedKey } from './vault.js';

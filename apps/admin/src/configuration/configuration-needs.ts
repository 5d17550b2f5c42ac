import type { ConfigurationNeeds } from '@linkbroker/configuration';
import { hashSecret, verifySecret, type Vault } from '@linkbroker/vault';
import { randomBytes, randomUUID } from 'node:crypto';

const SECRET_BYTES = 32;

/** What planning and applying a configuration needs. */
export const configurationNeeds = (
  vault: Vault,
  store: ConfigurationNeeds['store'],
  now: () => Date = () => new Date(),
): ConfigurationNeeds => ({
  now,
  newId: randomUUID,
  newClientSecret: () => randomBytes(SECRET_BYTES).toString('base64url'),
  /** As Standard Webhooks writes them. */
  newSigningSecret: () => `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`,
  hashSecret,
  verifySecret,
  seal: (place, plain, deadline) => vault.seal(place, plain, deadline),
  open: (place, sealed, deadline) => vault.open(place, sealed, deadline),
  store,
});

import type { ConfigurationNeeds, SecretPlace } from './configuration.js';

const SEAL_MS = 10_000;

/** A secret sealed for its place; one that has not changed stays as it is sealed, so that it is no change. */
export async function sealSecret(
  needs: Pick<ConfigurationNeeds, 'seal' | 'open'>,
  place: SecretPlace,
  secret: string,
  stored: Buffer | null,
): Promise<Buffer> {
  const plain = Buffer.from(secret, 'utf8');
  const deadline = performance.now() + SEAL_MS;
  if (stored && (await needs.open(place, stored, deadline)).equals(plain)) return stored;
  return needs.seal(place, plain, deadline);
}

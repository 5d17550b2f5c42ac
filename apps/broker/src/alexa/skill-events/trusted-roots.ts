import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';
import { readCertificates } from './signing-certificate.js';

let own: readonly X509Certificate[] | undefined;

/** The authorities that node brings, which are Mozilla's; read once, when they are needed first. @see R8 */
const nodeRoots = (): readonly X509Certificate[] => (own ??= rootCertificates.map((pem) => new X509Certificate(pem)));

/**
 * The authorities that a signing certificate may lead to: node's, or those of a file alone. The file is read each time,
 * so that it may come after the broker.
 * @param file a path, or empty
 * @throws Error, of the function, where the file cannot be read
 */
export const trustedRoots = (file: string) => async (): Promise<readonly X509Certificate[]> => {
  if (file === '') return nodeRoots();
  const pem = await readFile(file, 'utf8');
  try {
    return readCertificates(pem);
  } catch (cause) {
    throw new Error('SKILL_EVENT_CA holds no certificates', { cause });
  }
};

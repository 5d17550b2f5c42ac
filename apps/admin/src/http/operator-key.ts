import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const KEY_BYTES = 32;

/** Where an operator finds the key of this installation's API. */
export const operatorKeyPath = (dataDir: string): string => join(dataDir, 'operator.key');

/**
 * The operator's key, made at the first start and readable by the owner of DATA_DIR only. It opens every tenant, until
 * people sign in by themselves.
 */
export async function openOperatorKey(dataDir: string): Promise<string> {
  const path = operatorKeyPath(dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  try {
    await writeFile(path, `${randomBytes(KEY_BYTES).toString('base64url')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const key = (await readFile(path, 'utf8')).trim();
  if (key.length < KEY_BYTES)
    throw new Error(`${path} holds no operator key: remove it, and one is made at the next start`);
  return key;
}

/** Whether an Authorization header presents the key. Takes as long whether or not it does. */
export function presentsKey(authorization: string | undefined, key: string): boolean {
  const presented = /^Bearer ([\w-]{1,200})$/i.exec(authorization ?? '')?.[1] ?? '';
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(presented), digest(key));
}

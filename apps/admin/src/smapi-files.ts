import { closeSync, createReadStream, fchmodSync, openSync, writeFileSync } from 'node:fs';
import { SmapiRefused } from './smapi-refused.js';

/** What Amazon gives back is a few kilobytes. */
const MOST_BYTES = 1_048_576;

/** The text of a file, or of standard input for `-`; at most a mebibyte. @throws SmapiRefused */
export async function readText(file: string): Promise<string> {
  const stream: AsyncIterable<Buffer> = file === '-' ? process.stdin : createReadStream(file);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > MOST_BYTES) throw new SmapiRefused(`${file} is too long: at most ${String(MOST_BYTES)} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw refusalOf(error);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Writes a file that only its owner can read, also where it was there before. @throws SmapiRefused */
export function writePrivate(file: string, text: string): void {
  try {
    const descriptor = openSync(file, 'w', 0o600);
    try {
      fchmodSync(descriptor, 0o600);
      writeFileSync(descriptor, text);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw refusalOf(error);
  }
}

function refusalOf(error: unknown): SmapiRefused {
  return error instanceof SmapiRefused ? error : new SmapiRefused(error instanceof Error ? error.message : 'failed');
}

import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SmapiRefused } from './smapi-refused.js';
import { readText, writePrivate } from './smapi-files.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'linkbroker-smapi-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a file is for its owner alone, also where everybody could read it before', () => {
  const [fresh, old] = [join(folder, 'fresh'), join(folder, 'old')];
  writeFileSync(old, 'a longer text than the new one');
  chmodSync(old, 0o644);
  for (const file of [fresh, old]) {
    writePrivate(file, 'text');
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['text', 0o600]);
  }
});

test('a file is read whole', async () => {
  const file = join(folder, 'a');
  writeFileSync(file, 'ü'.repeat(500_000));
  expect(await readText(file)).toBe('ü'.repeat(500_000));
});

test('what cannot be read or written, and what is too long, is refused', async () => {
  writeFileSync(join(folder, 'long'), 'x'.repeat(1_048_577));
  await expect(readText(join(folder, 'long'))).rejects.toThrow(SmapiRefused);
  await expect(readText(join(folder, 'missing'))).rejects.toThrow(SmapiRefused);
  await expect(readText(folder)).rejects.toThrow(SmapiRefused);
  expect(() => writePrivate(join(folder, 'no', 'such'), 'text')).toThrow(SmapiRefused);
});

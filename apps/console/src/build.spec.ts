import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** What was built, as it is sent: the target `test` builds it first. */
const DIST = fileURLToPath(new URL('../dist', import.meta.url));
/** Octets, compressed. */
const FIRST_LOAD = 250_000;
const SIGNED_IN = 340_000;
const CHARTS = 150_000;

interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly isDynamicEntry?: boolean;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

const manifest = JSON.parse(readFileSync(join(DIST, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>;
const named = (end: string): string => Object.keys(manifest).find((name) => name.endsWith(end)) ?? `none of ${end}`;
const entry = Object.keys(manifest).find((name) => manifest[name]?.isEntry) ?? 'no entry';

function chunksOf(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const one of manifest[name]?.imports ?? []) chunksOf(one, found);
  return found;
}

function weightOf(...names: readonly string[]): number {
  const chunks = names.flatMap((name) => [...chunksOf(name)]);
  const files = new Set(chunks.flatMap((name) => [manifest[name]?.file ?? '', ...(manifest[name]?.css ?? [])]));
  return [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(DIST, file))).length, 0);
}

test('the first load is small', () => {
  for (const language of ['texts/en.ts', 'texts/de.ts'])
    expect(weightOf(entry, named(language))).toBeLessThan(FIRST_LOAD);
});

test('so is every page of who is signed in, with all that it needs', () => {
  const frame = [entry, named('texts/de.ts'), named('shell/shell.tsx')];
  const pages = Object.keys(manifest).filter((name) => name.includes('/pages/') && manifest[name]?.isDynamicEntry);
  expect(pages.length).toBeGreaterThan(10);
  for (const page of pages) expect([page, weightOf(...frame, page) < SIGNED_IN]).toEqual([page, true]);
});

/** Drawing comes after the page that it is on, and is nobody's first load. */
test('what draws is one chunk of its own, and bounded', () => {
  const charts = named('charts/overview-charts.tsx');
  expect(manifest[charts]?.isDynamicEntry).toBe(true);
  expect(weightOf(charts) - weightOf(entry)).toBeLessThan(CHARTS);
});

test('the page has no script and no style inside, and a place for the nonce', () => {
  const page = readFileSync(join(DIST, 'index.html'), 'utf8');
  expect(page).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/i);
  expect(page).toContain('<meta property="csp-nonce" nonce="{{nonce}}"');
});

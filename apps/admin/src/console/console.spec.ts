import { createScratchDatabase, type ScratchDatabase } from '@linkbroker/persistence/testing';
import { createLogger } from '@linkbroker/telemetry';
import { noteSecret, watchedLog } from '@linkbroker/testing';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { adminEnvironment } from '../../test/admin-environment.js';
import { createAdmin, type Admin } from '../index.js';
import { readConsole } from './read-console.js';

const SCRIPT = `console.log(${JSON.stringify('x'.repeat(2_000))});`;
let directory: string;
let database: ScratchDatabase;
let admin: Admin;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'linkbroker-console-'));
  mkdirSync(join(directory, 'assets'));
  writeFileSync(join(directory, 'index.html'), '<script nonce="{{nonce}}" src="/assets/a-1.js"></script>');
  writeFileSync(join(directory, 'assets/a-1.js'), SCRIPT);
  writeFileSync(join(directory, 'mark.svg'), '<svg/>');
  writeFileSync(join(directory, 'notes.txt'), 'not for the world');
  database = await createScratchDatabase();
  const masterKeys = `k1:${noteSecret('master key', randomBytes(32).toString('base64'))}`;
  const logger = createLogger({ app: 'admin', level: 'info', destination: watchedLog('admin') });
  admin = await createAdmin(adminEnvironment(database, masterKeys), logger, '9.9.9');
  Object.assign(admin.needs, { console: await readConsole(directory) });
  await admin.app.init();
});
afterAll(async () => {
  await admin.close();
  await database.close();
  rmSync(directory, { recursive: true, force: true });
});

const get = (url: string, headers: Record<string, string> = {}) => admin.app.inject({ url, headers });

test.each(['/', '/sign-in', '/t/acme/links?state=dead', '/t/acme/links/2f1c', '/welcome'])(
  'the page is at %s, with a nonce of its own, and is kept nowhere',
  async (url) => {
    const [one, other] = [await get(url), await get(url)];
    const nonceOf = (body: string) => /nonce="([^"]{20,})"/.exec(body)?.[1] ?? 'none';
    expect([one.statusCode, one.headers['cache-control']]).toEqual([200, 'no-store']);
    expect(one.headers['content-security-policy']).toContain(`'nonce-${nonceOf(one.body)}'`);
    expect(nonceOf(one.body)).not.toBe(nonceOf(other.body));
    expect(one.body).not.toContain('{{');
  },
);

test('its policy lets no script in but its own files', async () => {
  const policy = String((await get('/')).headers['content-security-policy']).split('; ');
  expect(policy).toEqual(expect.arrayContaining(["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"]));
  expect(policy.join()).not.toMatch(/unsafe/);
});

test('files with their content in their name are kept for good, compressed for whoever takes that', async () => {
  const packed = await get('/assets/a-1.js', { 'accept-encoding': 'br, gzip' });
  expect(packed.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
    'content-encoding': 'gzip',
    vary: 'accept-encoding',
  });
  expect(gunzipSync(packed.rawPayload).toString()).toBe(SCRIPT);
  for (const taken of ['identity', 'gzip;q=0', '']) {
    const plain = await get('/assets/a-1.js', { 'accept-encoding': taken });
    expect([plain.headers['content-encoding'], plain.body]).toEqual([undefined, SCRIPT]);
  }
  expect((await get('/mark.svg')).headers['cache-control']).toBe('public, max-age=3600');
});

test.each([
  '/assets/old-2.js',
  '/favicon.ico',
  '/notes.txt',
  '/api/v1/nothing',
  '/api',
  '/health/other',
  '/assets/../index.html',
  '/assets/%2e%2e/notes.txt',
])('there is nothing at %s', async (url) => {
  const answer = await get(url);
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([404, expect.stringContaining('problem+json')]);
});

test('without a build it says so, and everything else works', async () => {
  const { console: built } = admin.needs;
  Object.assign(admin.needs, { console: await readConsole(join(directory, 'nowhere')) });
  expect((await get('/')).statusCode).toBe(503);
  expect((await get('/health/live')).statusCode).toBe(200);
  Object.assign(admin.needs, { console: built });
});

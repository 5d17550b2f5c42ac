import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noteSecret, noteSecretsIn, watchedLog } from './leak-watch.js';

const watched = process.env['LINKBROKER_LEAK_WATCH'];
const directory = mkdtempSync(join(tmpdir(), 'linkbroker-leaks-'));
beforeAll(() => (process.env['LINKBROKER_LEAK_WATCH'] = directory));
afterAll(() => {
  if (watched === undefined) delete process.env['LINKBROKER_LEAK_WATCH'];
  else process.env['LINKBROKER_LEAK_WATCH'] = watched;
  rmSync(directory, { recursive: true });
});

const noted = (): readonly { readonly secret: string; readonly what: string }[] =>
  readFileSync(join(directory, 'secrets'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as never);

test('what is noted is given back and kept once, for its owner only', () => {
  expect(noteSecret('master key', 'one-secret')).toBe('one-secret');
  noteSecret('master key', 'one-secret');
  expect(noted()).toEqual([{ secret: 'one-secret', what: 'master key' }]);
  expect(statSync(join(directory, 'secrets')).mode & 0o777).toBe(0o600);
});

test('secrets are found in forms, answers and config files, by the names of their fields', () => {
  noteSecretsIn(new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'in-a-form' }));
  noteSecretsIn({ tenants: [{ clientSecrets: ['in-a-list'], endpoints: { token: 'https://id.example/token' } }] });
  noteSecretsIn({ state: 'a-state', secrets: { DEMO: 'kept-by-another-name', password: 'a-password' } });
  expect(noted().map(({ secret }) => secret)).toEqual(
    expect.arrayContaining(['in-a-form', 'in-a-list', 'a-state', 'a-password']),
  );
  expect(JSON.stringify(noted())).not.toMatch(/id\.example|grant_type/);
});

test('a wrapped key is looked for line by line too', () => {
  noteSecret('key', '-----BEGIN PRIVATE KEY-----\nfirst-line\nsecond-line\n-----END PRIVATE KEY-----\n');
  expect(noted().map(({ secret }) => secret)).toEqual(expect.arrayContaining(['first-line', 'second-line']));
});

test('a log is kept under the spec that made it', () => {
  watchedLog('broker').write('{"msg":"hello"}\n');
  const [file] = readdirSync(join(directory, 'output'));
  expect(decodeURIComponent(file ?? '')).toBe('leak-watch.spec.ts, log of broker');
  expect(readFileSync(join(directory, 'output', file ?? ''), 'utf8')).toBe('{"msg":"hello"}\n');
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './launch.js';

interface Lock {
  packages: Record<string, { optionalDependencies?: Record<string, string> }>;
}

const folder = mkdtempSync(join(tmpdir(), 'linkbroker-lock-'));
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function check(packages: Lock['packages']) {
  const file = join(folder, 'package-lock.json');
  writeFileSync(file, JSON.stringify({ packages }));
  return spawnSync(process.execPath, [join(root, 'tools/check-lock.mjs'), file], { encoding: 'utf8' });
}

test('package-lock.json has an entry for every platform and every workspace', () => {
  expect(check(lock.packages)).toMatchObject({ status: 0, stderr: '' });
});

test('a platform package without an entry is named', () => {
  const name = Object.keys(lock.packages['node_modules/@swc/core']?.optionalDependencies ?? {})[0] ?? '';
  const { [`node_modules/${name}`]: left, ...others } = lock.packages;
  expect(left).toBeDefined();
  const { status, stderr } = check(others);
  expect(status).toBe(1);
  expect(stderr).toContain(`no entry for ${name} (optional, wanted by node_modules/@swc/core)`);
});

test('a workspace without an entry is named', () => {
  const { 'apps/broker': left, ...others } = lock.packages;
  expect(left).toBeDefined();
  expect(check(others).stderr).toContain('no entry for apps/broker (workspace)');
});

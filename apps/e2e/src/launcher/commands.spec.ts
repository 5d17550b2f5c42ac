import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endAll, npmRun } from './launch.js';

const dataDir = mkdtempSync(join(tmpdir(), `linkbroker-test-commands-${process.pid}-`));

afterAll(async () => {
  await endAll();
  rmSync(dataDir, { recursive: true, force: true });
});

test.each([
  ['link', ['--skill', 'alexa-demo'], 'BROKER_URL'],
  ['apply', ['-f', 'nowhere.yaml'], 'DATABASE_URL'],
])('npm run %s without a running up is one line and exit code 2', async (script, args, variable) => {
  const run = npmRun(script, args, { DATA_DIR: dataDir });
  expect((await run.ended).code).toBe(2);
  expect(run.complaints).toEqual([expect.stringContaining(`no up is running on ${dataDir}`)]);
  expect(run.complaints[0]).toContain(variable);
});

test.each([
  [['--confg', 'x.yaml'], {}, '--confg'],
  [['--config', 'nowhere.yaml'], {}, 'nowhere.yaml'],
  [[], { BROKER_PORT: 'four' }, 'BROKER_PORT'],
  [[], { BROKER_PORT: '4100', ADMIN_PORT: '4100' }, 'ADMIN_PORT'],
  [[], { BROKER_URL: 'localhost:4000' }, 'BROKER_URL'],
])('npm run up %j %j is refused by name', async (args, env, name) => {
  const run = npmRun('up', args, { DATA_DIR: dataDir, ...env });
  expect((await run.ended).code).toBe(1);
  expect(run.complaints).toEqual([expect.stringContaining(name)]);
});

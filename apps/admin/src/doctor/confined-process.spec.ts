import { eventually } from '@linkbroker/testing';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startConfined } from './confined-process.js';
import { DOCTOR_PROGRAM } from './open-doctor.js';

const own = mkdtempSync(join(tmpdir(), 'confined-spec-'));
afterAll(() => rmSync(own, { recursive: true, force: true }));
let count = 0;

function program(text: string): string {
  const file = join(own, `${String((count += 1))}.mjs`);
  writeFileSync(file, text);
  return file;
}

const ORDER = { target: { clientId: 'alexa' }, proxy: { port: 1, credential: 'a:b' }, sandbox: true };

const start = (text: string, { runMs = 20_000, heard = [] as string[] } = {}) =>
  startConfined({ program: program(text), chromium: { path: '/chromium', env: '{"A":"b"}' }, runMs }, ORDER, (line) =>
    heard.push(line),
  );

const isAlive = (pid: number): boolean => {
  try {
    // A zombie is not.
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${String(pid)}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

test('it is given its order, few names, an empty directory, and no key of ours', async () => {
  process.env['MASTER_KEYS'] = 'not-to-be-seen';
  const heard: string[] = [];
  const { ended } = await start(
    `import { readdirSync } from 'node:fs';
     const say = (progress) => console.log(JSON.stringify({ progress }));
     process.stdin.once('data', (line) => {
       say(String(line).trim());
       say(Object.keys(process.env).sort().join());
       say(process.cwd());
       say(readdirSync('.').join());
       say(process.execArgv.join());
       console.log(JSON.stringify({ failed: 'enough' }));
       process.exit();
     });`,
    { heard },
  );
  expect(await ended).toEqual({ failed: 'enough' });
  delete process.env['MASTER_KEYS'];
  const [order, names, directory = '', files, flags] = heard;
  expect([order, names]).toEqual([
    JSON.stringify(ORDER),
    'HOME,LANG,LINKBROKER_CHROMIUM,LINKBROKER_CHROMIUM_ENV,PATH,TMPDIR',
  ]);
  expect([files, flags]).toEqual(['', '--max-old-space-size=256']);
  expect(directory).toMatch(/linkbroker-doctor-/);
  expect(existsSync(directory)).toBe(false);
});

const FAMILY = `import { spawn } from 'node:child_process';
  const hang = ['-e', 'setInterval(() => {}, 1000)'];
  const same = spawn(process.execPath, hang, { stdio: 'ignore' });
  const apart = spawn(process.execPath, hang, { stdio: 'ignore', detached: true });
  console.log(JSON.stringify({ progress: [process.pid, same.pid, apart.pid].join() }));
  setInterval(() => {}, 1000);`;

test.each(['by whoever started it', 'by its time'])('it ends with everything it has started, %s', async (how) => {
  if (process.platform !== 'linux') return;
  const heard: string[] = [];
  const byTime = how === 'by its time';
  const { ended, kill } = await start(FAMILY, { heard, ...(byTime && { runMs: 1_500 }) });
  await eventually('the family to say who it is', () => heard.length > 0);
  const pids = (heard[0] ?? '').split(',').map(Number);
  expect([pids.length, pids.every(isAlive), getPriority(pids[0])]).toEqual([3, true, 15]);
  if (!byTime) kill();
  expect(await ended).toEqual({
    failed: byTime ? (expect.stringMatching(/not done after/) as unknown) : 'It ended without a report.',
  });
  await eventually('the end of all of them', (saw) => saw(pids.filter(isAlive)).length === 0);
});

test('it may not say more than a report is long', async () => {
  const { ended } = await start(
    `for (;;) { if (!process.stdout.write('x'.repeat(65536))) await new Promise((go) => process.stdout.once('drain', go)); }`,
  );
  expect(await ended).toEqual({ failed: 'It said more than a report is long.' });
});

test('what it says is tidied, and what is no message is not heard', async () => {
  const heard: string[] = [];
  const { ended } = await start(
    `for (const line of ['{', '7', '{"progress":7}', JSON.stringify({ progress: 'a\\0b\\ud800c' }), JSON.stringify({ report: {} })]) console.log(line);`,
    { heard },
  );
  expect(await ended).toEqual({ failed: 'It ended without a report.' });
  expect(heard).toEqual(['abc']);
});

test('a process that ends without a word has failed', async () => {
  const { ended } = await startConfined(
    { program: program('process.exit(3)'), chromium: undefined, runMs: 20_000 },
    ORDER,
    () => undefined,
  );
  expect(await ended).toEqual({ failed: 'It ended without a report.' });
});

test('the doctor itself ends when whoever started it is gone', async () => {
  const child = spawn(process.execPath, [DOCTOR_PROGRAM], { stdio: ['pipe', 'ignore', 'ignore'], env: {} });
  child.stdin.end();
  expect(await once(child, 'exit')).toEqual([2, null]);
});

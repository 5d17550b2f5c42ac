import type { Report } from '@linkbroker/doctor';
import { noteSecret, watchOutput } from '@linkbroker/testing';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { servePage } from '../test/page-server.js';
import { REDIRECT_URI } from '../test/provider.js';
import { runDoctor } from './command.js';
import { FORMATS } from './formats/formats.js';

const directory = mkdtempSync(join(tmpdir(), 'linkbroker-doctor-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const write = (name: string, text: string): string => {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
};
const TARGET = write(
  'target.json',
  JSON.stringify({ authorizeUrl: 'https://id.example.com/authorize', clientId: 'alexa', domains: ['cdn.example.com'] }),
);

async function run(...args: readonly string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const terminal = { out: (text: string) => out.push(text), err: (line: string) => err.push(line), colour: false };
  const code = await runDoctor(args, {}, terminal);
  watchOutput('what the doctor writes', [...out, ...err].join('\n'));
  return { code, out: out.join(''), err: err.join('\n') };
}

const REDIRECT = 'https://alexa.amazon.co.jp/api/skill/link/M3KVOEXUO4ALBL';
const STATE = noteSecret('state', 'secret-state-of-alexa');
for (const secret of ['secret-cookie', 'secret-body', 'secret-password', 'secret-code', 'secret-picture']) {
  noteSecret('what a recording holds', secret);
}
const entry = (url: string, change: Record<string, unknown> = {}, headers: Record<string, string> = {}) => ({
  startedDateTime: '2026-11-22T22:00:00.000Z',
  time: 50,
  _resourceType: 'document',
  request: {
    method: 'GET',
    url,
    headers: Object.entries({ cookie: 'session=secret-cookie', ...headers }).map(([name, value]) => ({ name, value })),
  },
  response: { status: 200, headers: [], redirectURL: '', content: { mimeType: 'text/html', text: 'secret-body' } },
  ...change,
});
const leading = (to: string) => ({ response: { status: 302, headers: [{ name: 'Location', value: to }] } });

const AUTHORIZE = `https://id.example.com/authorize?client_id=alexa&response_type=code&state=${STATE}&redirect_uri=${encodeURIComponent(REDIRECT)}`;
const har = (back: string, image: string): string =>
  JSON.stringify({
    log: {
      version: '1.2',
      entries: [
        entry(AUTHORIZE),
        { ...entry(image), _resourceType: 'image' },
        entry('https://id.example.com/login/secret-path?password=secret-password', leading(back), {
          referer: 'https://id.example.com/',
        }),
      ],
    },
  });
const RIGHT = har(`${REDIRECT}?code=secret-code&state=${STATE}`, 'https://cdn.example.com/secret-picture');
const WRONG = har(`${REDIRECT}?code=secret-code&state=secret-other`, 'https://fonts.example.org/secret-font');

test('a right recording passes: exit code 0, and nobody is asked', async () => {
  const { code, out, err } = await run('--target', TARGET, '--har', write('right.har', RIGHT), '--format', 'json');
  const report = JSON.parse(out) as Report;
  expect(report.findings.filter(({ status }) => status === 'fail' || status === 'warn')).toEqual([]);
  expect(report.findings.find(({ rule }) => rule === 'R57')?.evidence).toBe('to Japan and Australia, with a code');
  expect(code).toBe(0);
  expect(err).toContain('nothing is sent to anybody');
});

test.each(Object.keys(FORMATS))('a wrong one as %s: exit code 1, the host, and no value of it', async (format) => {
  const { code, out, err } = await run('--target', TARGET, '--har', write('wrong.har', WRONG), '--format', format);
  expect(code).toBe(1);
  expect(out).toContain('fonts.example.org');
  expect(out + err).not.toMatch(/secret/);
});

test('only what was asked for is shown', async () => {
  const file = write('wrong.har', WRONG);
  const { code, out } = await run('--target', TARGET, '--har', file, '--only', 'R27', '--format', 'json');
  expect((JSON.parse(out) as Report).findings.map(({ rule, status }) => [rule, status])).toEqual([['R27', 'fail']]);
  expect(code).toBe(1);
});

test.each([
  ['not there', '/nowhere/a.har', /cannot be read \(ENOENT\)/],
  ['not JSON', write('a.har', 'secret'), /the recording is not JSON/],
  ['no HAR', write('b.har', '{"log":{"version":"1.2"}}'), /no HAR 1\.2: log\.entries/],
  [
    'of another client',
    write('c.har', RIGHT.replaceAll('client_id=alexa', 'client_id=other')),
    /no request to authorizeUrl/,
  ],
])('a recording that is %s cannot be judged: one line and exit code 2', async (_, file, says) => {
  const { code, out, err } = await run('--target', TARGET, '--har', file);
  expect([code, out]).toEqual([2, '']);
  expect(err.split('\n').at(-1)).toMatch(says);
  expect(err).not.toContain('secret');
});

test('a target without its addresses is refused for a recording, and a short one for the server', async () => {
  const empty = write('empty.json', '{"clientId":"alexa"}');
  expect(await run('--target', empty, '--har', write('right.har', RIGHT))).toMatchObject({ code: 2, out: '' });
  const { code, err } = await run('--target', TARGET);
  expect(code).toBe(2);
  expect(err).toMatch(/tokenUrl.*clientSecret/);
});

const { LINKBROKER_CHROMIUM: executablePath, LINKBROKER_CHROMIUM_ENV: more } = process.env;
const withChromium = executablePath ? test : test.skip;

withChromium('a recording that Chromium itself made is read', async () => {
  const { chromium } = await import('playwright-core');
  const env = { ...process.env, ...(JSON.parse(more ?? '{}') as Record<string, string>) };
  const args = ['--headless', '--no-sandbox', '--disable-gpu', '--host-resolver-rules=MAP *.amazon.com ~NOTFOUND'];
  const browser = await chromium.launch({ executablePath: executablePath ?? '', env, args });
  const { url, close } = await servePage({ html: '<img src="/gone.png">' });
  const file = join(directory, 'chromium.har');
  const context = await browser.newContext({ recordHar: { path: file } });
  const page = await context.newPage();
  const query = `?client_id=alexa&response_type=code&state=x&redirect_uri=${encodeURIComponent(REDIRECT_URI)}`;
  await page.goto(`${url}${query}`);
  const gone = page.waitForEvent('requestfailed');
  await page.click('button', { noWaitAfter: true });
  await gone;
  await context.close();
  await browser.close();
  await close();
  const target = write('local.json', JSON.stringify({ authorizeUrl: url, clientId: 'alexa' }));
  const { out } = await run('--target', target, '--har', file, '--format', 'json');
  const { findings } = JSON.parse(out) as Report;
  const of = (rule: string) => findings.filter((found) => found.rule === rule).map(({ status }) => status);
  expect([of('R57'), of('R27'), of('R52'), of('R36')]).toEqual([['pass'], ['pass'], ['pass'], ['warn']]);
});

test('--help says what there is', async () => {
  const { code, out, err } = await run('--help');
  expect([code, err]).toEqual([0, '']);
  for (const option of ['--target', '--har', '--format', '--only', '--slow', '--screenshot'])
    expect(out).toContain(option);
});

import type { Report } from '@linkbroker/doctor';
import { noteSecretsIn, watchOutput } from '@linkbroker/testing';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLIENT, OTHER_CLIENT, REDIRECT_URI, startProvider } from '../test/provider.js';
import { runDoctor } from './command.js';

const LOGIN = fileURLToPath(new URL('../test/dev-pages-login.mjs', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'linkbroker-doctor-'));
let provider: Awaited<ReturnType<typeof startProvider>>;

beforeAll(async () => {
  provider = await startProvider();
});
afterAll(async () => {
  await provider.close();
  rmSync(directory, { recursive: true, force: true });
});

function targetFile(change: Record<string, unknown> = {}): string {
  const file = join(directory, 'target.json');
  const target = {
    authorizeUrl: `${provider.url}/auth`,
    tokenUrl: `${provider.url}/token`,
    ...CLIENT,
    scheme: 'HTTP_BASIC',
    redirectUri: REDIRECT_URI,
    scope: 'openid',
    otherClient: OTHER_CLIENT,
    login: { command: [process.execPath, LOGIN, 'alice'] },
    ...change,
  };
  noteSecretsIn(target);
  writeFileSync(file, JSON.stringify(target));
  return file;
}

async function run(...args: readonly string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const env = { ...process.env };
  const code = await runDoctor(args, env, {
    out: (text) => out.push(text),
    err: (line) => err.push(line),
    colour: false,
  });
  watchOutput('what the doctor writes', [...out, ...err].join('\n'));
  return { code, out: out.join(''), err: err.join('\n') };
}

const withStatus = ({ findings }: Report, status: string): readonly string[] =>
  findings.filter((finding) => finding.status === status).map(({ rule }) => rule);

test('oidc-provider with rotation: what is known to be wrong with it is found, and nothing else', async () => {
  const { code, out, err } = await run('--target', targetFile(), '--format', 'json');
  const report = JSON.parse(out) as Report;
  expect(withStatus(report, 'fail')).toEqual(['R100', 'R102']);
  expect(withStatus(report, 'warn')).toEqual(['R76', 'R60', 'R101']);
  expect(new Set(withStatus(report, 'not-applicable'))).toEqual(
    new Set(['R53', 'R148', 'R149', 'R152', 'R153', 'R154', 'R155', 'R158']),
  );
  expect(withStatus(report, 'not-tested')).toEqual([
    'R6',
    'R7',
    'R8',
    'R9',
    'R10',
    'R11',
    'R48',
    'R48',
    ...['R52', 'R37', 'R40', 'R48', 'R36', 'R36', 'R46'],
    'R59',
    'R106',
  ]);
  expect(code).toBe(1);
  expect(err).toMatch(/signs a real account in .* use a test account/);
  for (const text of [out, err]) expect(text).not.toContain(CLIENT.clientSecret);
}, 60_000);

test('a wrong secret in the target is found at the first token, and is not shown', async () => {
  const secret = 'not-the-secret-of-the-client';
  const { code, out, err } = await run(
    '--target',
    targetFile({ clientSecret: secret }),
    '--only',
    'R77',
    '--format',
    'junit',
  );
  expect(code).toBe(1);
  expect(out).toContain('redeeming the code: HTTP 401 invalid_client');
  expect(out + err).not.toContain(secret);
});

/** A handler in two lines, as somebody would write it to try this out. */
const HANDLER = `process.stdin.resume().on('end', () => console.log(JSON.stringify({ event: {
  header: { namespace: 'Alexa.Authorization', name: 'ErrorResponse', payloadVersion: '3', messageId: 'm' },
  payload: { type: 'ACCEPT_GRANT_FAILED', message: 'Login with Amazon does not know this code' } } })))`;

test.each([
  ['that refuses as is right', HANDLER, 0, ['pass', 'pass', 'pass', 'pass']],
  ['that ends without a word', '0', 1, ['pass', 'fail', 'not-tested', 'warn']],
  ['that breaks', 'process.exit(7)', 1, ['fail', 'not-tested', 'not-tested', 'warn']],
])('Send Alexa Events with a handler %s', async (_, program, expected, statuses) => {
  const acceptGrant = { command: [process.execPath, '-e', program] };
  const only = 'R148,R149,R153,R155';
  const { code, out, err } = await run('--target', targetFile({ acceptGrant }), '--format', 'json', '--only', only);
  const { findings } = JSON.parse(out) as Report;
  const answered = findings.filter(({ title }) => !title.startsWith('A code of Login with Amazon'));
  expect(answered.map(({ status }) => status)).toEqual(statuses);
  expect(code).toBe(expected);
  expect(err).toMatch(/AcceptGrant directives go to the program of acceptGrant, .* a made-up code/);
});

test.each([
  [{ login: { command: ['/nowhere/program'] } }, /did not start \(ENOENT\)/],
  [{ login: { command: [process.execPath, '-e', 'process.exit(3)'] } }, /exit code 3/],
  [{ login: { command: [process.execPath, '-e', '0'] } }, /printed no address/],
])('a login command that does not work is no verdict: exit code 2', async (change, says) => {
  const { code, err } = await run('--target', targetFile(change), '--only', 'R57');
  expect(code).toBe(2);
  expect(err).toMatch(says);
});

test.each([
  [[], /--target FILE is missing/],
  [['--target', '/nowhere/target.json'], /cannot be read \(ENOENT\)/],
  [['--target', 'x', '--format', 'pdf'], /there are text, json, junit, sarif, html/],
  [['--target', 'x', '--format', 'toString'], /there are text/],
  [['--target', 'x', '--only', 'R1'], /--only R1: there are R21/],
  [['--target', 'x', '--only', 'R1', '--har', 'y'], /--only R1: there are R52/],
  [['--target', 'x', '--har', 'y', '--slow'], /--slow and --screenshot do not go with it/],
  [['--target', 'x', '--pdf'], /--pdf/],
])('%j cannot run: one line and exit code 2', async (args, says) => {
  const { code, out, err } = await run(...args);
  expect([code, out]).toEqual([2, '']);
  expect(err.split('\n')).toHaveLength(1);
  expect(err).toMatch(says);
});

test('a server that is not there, and a browser that is not there, cannot run', async () => {
  const gone = await run('--target', targetFile({ authorizeUrl: 'http://localhost:9/auth' }));
  expect([gone.code, gone.out]).toEqual([2, '']);
  expect(gone.err).toContain('ECONNREFUSED');
  const file = targetFile({ login: [{ click: 'button' }] });
  const env = { ...process.env, LINKBROKER_CHROMIUM: '' };
  const lines: string[] = [];
  const terminal = { out: () => undefined, err: (line: string) => lines.push(line), colour: false };
  expect(await runDoctor(['--target', file], env, terminal)).toBe(2);
  expect(lines.at(-1)).toContain('signing in takes a Chromium');
});

const PUSHY = `<!doctype html><script>window.open('/terms'); alert('Welcome');</script>
<form method="post"><button>Sign in</button></form>`;

const chromium = process.env['LINKBROKER_CHROMIUM'];
const withChromium = chromium ? test : test.skip;
withChromium(
  'a recipe is followed in Chromium, and the way back is not opened',
  async () => {
    const login = [
      { fill: 'input[name=login]', value: 'alice' },
      { fill: 'input[name=password]', value: 'a-password-nobody-may-see' },
      { click: 'button[type=submit]' },
      { waitFor: 'input[name=prompt][value=consent]' },
      { click: 'button[type=submit]' },
    ];
    const { code, out, err } = await run(
      '--target',
      targetFile({ login }),
      '--format',
      'json',
      '--only',
      'R52,R57,R27,R28,R29',
      '--screenshot',
      join(directory, 'page.png'),
    );
    const report = JSON.parse(out) as Report;
    expect(withStatus(report, 'pass')).toEqual(['R57', 'R27', 'R28', 'R29', 'R29', 'R27']);
    // Its pages load a font: a household would see them without, or not at all.
    expect(report.findings[0]).toMatchObject({ rule: 'R52', status: 'fail' });
    expect(report.findings[0]?.evidence).toMatch(/: fonts\.googleapis\.com$/);
    expect(code).toBe(1);
    expect(out + err).not.toContain('a-password-nobody-may-see');
    expect(readFileSync(join(directory, 'page.png')).subarray(1, 4).toString()).toBe('PNG');
  },
  90_000,
);

withChromium(
  'windows and dialogs that pages open are noticed, and dismissed',
  async () => {
    const server = createServer((request, response) => {
      if (request.method === 'POST') response.writeHead(303, { location: `${REDIRECT_URI}?code=one&state=x` }).end();
      else response.setHeader('content-type', 'text/html').end(request.url === '/terms' ? '<h1>Terms</h1>' : PUSHY);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://localhost:${(server.address() as AddressInfo).port}/`;
    const file = targetFile({ authorizeUrl: url, tokenUrl: url, login: [{ click: 'button' }] });
    const { out } = await run('--target', file, '--format', 'json', '--only', 'R37,R57');
    server.closeAllConnections();
    server.close();
    const { findings } = JSON.parse(out) as Report;
    expect(findings.map(({ rule, status, evidence }) => [rule, status, evidence])).toEqual([
      ['R37', 'fail', 'the first page has window.open, a script dialog'],
      ['R37', 'fail', 'a dialog of the kind alert, a window was opened'],
      ['R57', 'pass', 'code in the query of the redirect URI'],
    ]);
  },
  60_000,
);

import { AddressPolicy, ForwardProxy, type OwnStore } from '@linkbroker/egress';
import type { Report } from '@linkbroker/doctor';
import { noteSecret, noteSecretsIn, watchOutput } from '@linkbroker/testing';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { CLIENT, REDIRECT_URI, startProvider } from '../test/provider.js';
import { runConfined, type ConfinedMessage } from './confined-run.js';

const withChromium = process.env['LINKBROKER_CHROMIUM'] ? test : test.skip;
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

const LOGIN = [
  { fill: 'input[name=login]', value: 'alice' },
  { fill: 'input[name=password]', value: 'a-password-of-alice' },
  { click: 'button[type=submit]' },
  { click: 'button[type=submit]' },
];

const targetOf = (url: string, change: Record<string, unknown> = {}) => ({
  ...{ authorizeUrl: `${url}/auth`, tokenUrl: `${url}/token`, ...CLIENT, scheme: 'HTTP_BASIC' },
  ...{ redirectUri: REDIRECT_URI, scope: 'openid', login: LOGIN, ...change },
});

interface Around {
  readonly hosts?: readonly string[];
  readonly allow?: string;
  readonly stores?: readonly OwnStore[];
  readonly only?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

async function run(target: object, around: Around = {}) {
  const { hosts = ['localhost'], allow = 'doctor:127.0.0.0/8', stores = [], only, env = process.env, resolve } = around;
  noteSecretsIn(target);
  const proxy = await ForwardProxy.start({
    ...{ policy: new AddressPolicy(allow, stores), purpose: 'doctor', hosts: new Set(hosts) },
    ...(resolve && { resolve }),
  });
  noteSecret('proxy credential', proxy.credential);
  const said: ConfinedMessage[] = [];
  try {
    const { port, credential } = proxy;
    await runConfined({ target, only, sandbox: false, proxy: { port, credential } }, env, (one) => void said.push(one));
  } finally {
    await proxy.close();
  }
  watchOutput('what a confined run says', said.map((one) => `${JSON.stringify(one)}\n`).join(''));
  const end = said.at(-1) as { report?: Report; failed?: string; brokenRecipe?: string; screenshot?: string };
  return { said, end };
}

const statusOf = (report: Report | undefined, rule: string) =>
  report?.findings.filter((finding) => finding.rule === rule).map(({ status }) => status);

withChromium(
  'signs in through the proxy and finds what is known to be wrong',
  async () => {
    const provider = await startProvider();
    closers.push(provider.close);
    const { end, said } = await run(targetOf(provider.url), { only: ['R57', 'R77', 'R78', 'R100'] });
    expect(['R57', 'R77', 'R78', 'R100'].map((rule) => statusOf(end.report, rule)?.[0])).toEqual([
      ...['pass', 'pass', 'pass', 'fail'],
    ]);
    expect(
      Buffer.from(end.screenshot ?? '', 'base64')
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    expect(said.slice(0, -1)).toContainEqual({ progress: expect.stringMatching(/^R77 pass/) as unknown });
  },
  60_000,
);

test('without a Chromium what rests on a sign-in is not tested, with the reason, and the rest is', async () => {
  const provider = await startProvider();
  closers.push(provider.close);
  const { end } = await run(targetOf(provider.url), { env: {}, only: ['R57', 'R18'] });
  expect(end.brokenRecipe).toMatch(/no Chromium/);
  expect(statusOf(end.report, 'R57')).toEqual(['not-tested']);
});

test.each([
  ['another host than was named', {}, { hosts: ['id.example.com'] }, /may not go there.*not one of the hosts/],
  ['an address that is closed', {}, { allow: '' }, /may not go there.*not a public address/],
  ['a program to sign in with', { login: { command: ['true'] } }, {}, /steps alone/],
  ['a person to sign in', { login: 'manual' }, {}, /steps alone/],
  ['a file of authorities', { ca: '/etc/passwd' }, {}, /ca: is for runs on the command line/],
  ['a program as handler', { acceptGrant: { command: ['true'] } }, {}, /programs are for runs/],
])('%s is refused', async (_, change, around: Around, says) => {
  const provider = await startProvider();
  closers.push(provider.close);
  const { end } = await run(targetOf(provider.url, change), around);
  expect(end.failed).toMatch(says);
});

/** A socket that nobody may connect to, and how often somebody did. */
async function trap(): Promise<{ port: number; touched: () => number }> {
  let touched = 0;
  const server = createTcpServer((socket) => {
    touched += 1;
    socket.destroy();
  });
  const datagrams = createSocket('udp4').on('message', () => (touched += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  datagrams.bind(port, '127.0.0.1');
  await once(datagrams, 'listening');
  closers.push(
    () => new Promise((resolve) => server.close(resolve)),
    () => new Promise<void>((resolve) => datagrams.close(resolve)),
  );
  return { port, touched: () => touched };
}

/** A page that tries every way out that a page has, and says when it has. */
const escapes = (port: number): string => `<!doctype html><title>Sign in</title>
<link rel="dns-prefetch" href="//localhost:${port}"><link rel="preconnect" href="http://127.0.0.1:${port}">
<link rel="stylesheet" href="http://127.0.0.1:${port}/a.css">
<img src="http://127.0.0.1:${port}/b.png"><img src="http://0.0.0.0:${port}/d.png">
<img src="http://169.254.169.254/latest/meta-data/"><img src="http://rebind.example.com:${port}/e.png">
<form action="/done" method="post"><button>Go on</button></form>
<script>
  fetch('http://localhost:${port}/g', { mode: 'no-cors' }).catch(() => {});
  navigator.sendBeacon('http://127.0.0.1:${port}/h', 'x');
  try { new WebSocket('ws://127.0.0.1:${port}/i'); } catch {}
  try { new WebSocket('wss://rebind.example.com:${port}/i'); } catch {}
  const peer = new RTCPeerConnection({ iceServers: [
    { urls: 'stun:127.0.0.1:${port}' },
    { urls: ['turn:127.0.0.1:${port}?transport=udp', 'turn:127.0.0.1:${port}?transport=tcp'], username: 'u', credential: 'c' },
  ] });
  peer.createDataChannel('x');
  peer.createOffer().then((offer) => peer.setLocalDescription(offer)).catch(() => {});
  setTimeout(() => document.body.append(Object.assign(document.createElement('p'), { id: 'tried' })), 1500);
</script>`;

withChromium(
  'a page that tries to reach a store of ours, the metadata service or a name that moves reaches nobody',
  async () => {
    const { port, touched } = await trap();
    const asked: string[] = [];
    const server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
      asked.push(pathname);
      if (pathname === '/done') response.writeHead(303, { location: `${REDIRECT_URI}?code=one&state=x` }).end();
      else if (pathname === '/token')
        response.writeHead(302, { location: `http://127.0.0.1:${String(port)}/token` }).end();
      else
        response
          .writeHead(200, { 'content-type': 'text/html' })
          .end(searchParams.has('client_id') ? escapes(port) : 'hello');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(() => new Promise((resolve) => server.close(resolve)));
    const url = `http://localhost:${String((server.address() as AddressInfo).port)}`;
    const others = ['127.0.0.1', '169.254.169.254', 'rebind.example.com', '0.0.0.0'];
    // Named and proven even: only the policy of the proxy is in the way.
    const target = targetOf(url, { domains: others, login: [{ waitFor: '#tried' }, { click: 'button' }] });
    const { end } = await run(target, {
      hosts: ['localhost', ...others],
      allow: 'doctor:127.0.0.0/8, doctor:169.254.0.0/16, doctor:0.0.0.0/8',
      stores: [{ address: '127.0.0.1', port }],
      only: ['R57', 'R77', 'R52'],
      resolve: (host) =>
        Promise.resolve(host === 'localhost' ? ['127.0.0.1'] : [host === 'rebind.example.com' ? '127.0.0.1' : host]),
    });
    expect(asked).toContain('/done');
    expect(statusOf(end.report, 'R57')?.length).toBeGreaterThan(0);
    expect(touched()).toBe(0);
  },
  60_000,
);

import { NoAnswer, parseTarget, type Target } from '@linkbroker/doctor';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CLIENT, REDIRECT_URI } from '../test/provider.js';
import { handleDirective } from './handler-probe.js';

const targetOf = (acceptGrant: Record<string, unknown>): Target =>
  parseTarget(
    JSON.stringify({
      ...{ authorizeUrl: 'https://id.example.com/a', tokenUrl: 'https://id.example.com/t', ...CLIENT },
      ...{ scheme: 'HTTP_BASIC', redirectUri: REDIRECT_URI, scope: '', acceptGrant },
    }),
  );
const byProgram = (code: string, ms = 10_000) =>
  handleDirective(targetOf({ command: [process.execPath, '-e', code] }), '{"a":1}', ms);

test('a program gets the directive on standard input, and what it prints is the answer', async () => {
  const answer = await byProgram('process.stdin.pipe(process.stdout)');
  expect(answer).toMatchObject({ text: '{"a":1}', status: undefined });
});

test.each([
  ['process.exit(3)', /ended with exit code 3/],
  ['throw new Error("secret")', /ended with exit code 1/],
])('a program that fails is no answer, and its standard error is not shown: %s', async (code, says) => {
  await expect(byProgram(code)).rejects.toThrow(NoAnswer);
  await expect(byProgram(code)).rejects.toThrow(says);
  await expect(byProgram(code)).rejects.not.toThrow(/secret/);
});

test('a program that does not end is stopped', async () => {
  await expect(byProgram('setInterval(() => {}, 1000)', 300)).rejects.toMatchObject({ reason: 'deadline' });
});

test('a program that is not there is no answer', async () => {
  const handled = handleDirective(targetOf({ command: ['/nowhere/handler'] }), '{}', 1_000);
  await expect(handled).rejects.toThrow('the handler did not start (ENOENT)');
});

test('over HTTP: JSON by POST with the headers of the target, and the host needs no entry in domains', async () => {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      seen.push(
        `${request.method ?? ''} ${request.headers['content-type'] ?? ''} ${String(request.headers['x-key'])} ${body}`,
      );
      response.writeHead(202).end('later');
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}/handler`;
  const answer = await handleDirective(targetOf({ url, headers: { 'X-Key': 'k' } }), '{"a":1}', 5_000);
  server.closeAllConnections();
  server.close();
  expect(answer).toMatchObject({ status: 202, text: 'later' });
  expect(seen).toEqual(['POST application/json k {"a":1}']);
});

test.each([
  [{ url: 'https://skill.example.com/', headers: { 'bad name': 'x' } }],
  [{ url: 'https://skill.example.com/', headers: { 'X-Key': 'a\r\nB: c' } }],
  [{ url: 'https://skill.example.com/', command: ['x'] }],
  [{ command: [] }],
])('%j is refused by the shapes that are known', (acceptGrant) => {
  expect(() => targetOf(acceptGrant)).toThrow(/^acceptGrant/);
});

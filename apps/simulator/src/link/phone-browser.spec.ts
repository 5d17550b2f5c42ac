import fastify, { type FastifyInstance } from 'fastify';
import type { AddressInfo } from 'node:net';
import { PhoneBrowser, TooManyRedirects, type Hop } from './phone-browser.js';

let server: FastifyInstance;
let origin: string;
const seen: { method: string; url: string; origin: string | undefined; site: unknown; body: unknown }[] = [];
const hops: Hop[] = [];

beforeAll(async () => {
  server = fastify();
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_r, body, done) =>
    done(null, body),
  );
  server.addHook('preHandler', ({ method, url, headers, body }, _reply, done) => {
    seen.push({ method, url, origin: headers.origin, site: headers['sec-fetch-site'], body });
    done();
  });
  const form =
    '<form method=post action=/post><input name=a value=1></form><form action="/get?old=1"><input name=q></form>';
  server.get('/page', (_request, reply) => reply.type('text/html').send(form));
  server.get('/shy', (_request, reply) => reply.type('text/html').header('referrer-policy', 'no-referrer').send(form));
  server.post('/post', (_request, reply) => reply.redirect('/again', 307));
  server.post('/again', (_request, reply) => reply.redirect(`${origin.replace('localhost', '127.0.0.1')}/end`, 303));
  server.get('/get', () => 'got');
  server.get('/end', () => 'end');
  server.get('/loop', (_request, reply) => reply.redirect('/loop', 302));
  await server.listen({ host: '127.0.0.1', port: 0 });
  origin = `http://localhost:${(server.server.address() as AddressInfo).port}`;
});

afterAll(() => server.close());

beforeEach(() => {
  seen.length = 0;
  hops.length = 0;
});

const createBrowser = () =>
  new PhoneBrowser({ now: Date.now, stopAt: () => false, onHop: (hop) => hops.push(hop), deadlineMs: 5000 });

async function submit(path: string, index: number) {
  const browser = createBrowser();
  const page = await browser.open(`${origin}${path}`);
  const form = page.forms[index];
  if (!form) throw new Error('no form');
  return browser.submit(page, form, undefined, new Map([['q', 'ä b']]));
}

it('repeats a form after 307 and gets after 303, and tells how far it went', async () => {
  expect((await submit('/page', 0)).answer.body).toBe('end');
  expect(seen).toEqual([
    { method: 'GET', url: '/page', origin: undefined, site: 'none', body: undefined },
    { method: 'POST', url: '/post', origin, site: 'same-origin', body: 'a=1' },
    { method: 'POST', url: '/again', origin, site: 'same-origin', body: 'a=1' },
    { method: 'GET', url: '/end', origin: undefined, site: 'cross-site', body: undefined },
  ]);
  expect(hops.map(({ answer, followed }) => [answer.status, followed])).toEqual([
    [200, false],
    [307, true],
    [303, true],
    [200, false],
  ]);
});

it('puts the fields of a GET form into the query, in place of the old one', async () => {
  await submit('/page', 1);
  expect(seen.at(-1)).toMatchObject({ method: 'GET', url: '/get?q=%C3%A4+b', origin: undefined });
});

it('hides the origin of forms on pages without referrer', async () => {
  await submit('/shy', 0);
  expect(seen[1]).toMatchObject({ url: '/post', origin: 'null' });
});

it('gives up on a loop', async () => {
  await expect(createBrowser().open(`${origin}/loop`)).rejects.toThrow(TooManyRedirects);
});

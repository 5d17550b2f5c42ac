import { authorizeUrl, link, phone, press, redeem } from '../test/alexa.js';
import { ALEXA, startTestBroker, type TestBroker } from '../test/test-broker.js';

let broker: TestBroker;
beforeAll(async () => {
  broker = await startTestBroker();
}, 60_000);
afterAll(() => broker.close());

test('a bound attempt is cancelled by nobody else once a browser is bound to it, and the state stays ours', async () => {
  const browser = phone();
  const page = await browser.open(authorizeUrl(broker));
  await press(browser, page, 'connector', 'home');
  const stranger = await fetch(`${page.url}/cancel`, { method: 'POST', redirect: 'manual' });
  expect([stranger.status, stranger.headers.get('location')]).toEqual([410, null]);
  const form = page.forms.find((candidate) => candidate.action.endsWith('/cancel'))!;
  expect((await browser.submit(page, form, form.buttons[0], new Map())).arrived).toContain('error=access_denied');
});

test.each(['/oauth/token%', '/oauth/%ff', '/link/%ff', '/callback/%zz/x', `/link/${'x'.repeat(5_000)}`])(
  'an address that cannot be read is answered without repeating it: %#',
  async (path) => {
    const answer = await fetch(`${broker.url}${path}`);
    expect([400, 404, 414]).toContain(answer.status);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await answer.text()).not.toMatch(/token%|%ff|%zz|xxxxx|FST_ERR/);
  },
);

test('a NUL in a client id is an unknown client, and in a secret a wrong one', async () => {
  const page = await fetch(authorizeUrl(broker, { client_id: 'alexa-lights\0' }), { redirect: 'manual' });
  expect([page.status, page.headers.get('location')]).toEqual([400, null]);
  for (const [clientId, clientSecret] of [
    ['x\0', 'y'],
    [ALEXA.clientId, `${ALEXA.clientSecret}\0`],
  ] as const) {
    const answer = await redeem(broker, { clientId, clientSecret }, 'code');
    expect([answer.status, answer.body['error']]).toEqual([401, 'invalid_client']);
  }
  const callback = await fetch(`${broker.url}/callback/acme%00/home?state=x`, { redirect: 'manual' });
  expect(callback.status).toBe(400);
});

test('forty households of one account link at once', async () => {
  const links = await Promise.all(Array.from({ length: 40 }, () => link(broker)));
  expect(links.filter(({ code }) => code.length === 32)).toHaveLength(40);
}, 60_000);

import { createHash } from 'node:crypto';
import { authorizeUrl } from '../../test/alexa.js';
import { startTestBroker, type TestBroker } from '../../test/test-broker.js';

const LOGO = 'data:image/png;base64,iVBORw0KGgo=';
const IN_THE_APP =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148';
const BROWSER = `${IN_THE_APP} Version/17.5 Safari/604.1`;

let broker: TestBroker;
beforeAll(async () => {
  broker = await startTestBroker();
  await broker.apply((yaml) =>
    yaml
      .replace(
        'connectors: [home, gone]',
        `connectors: [cloud, home]\n        branding: { color: "#D9481E", logo: "${LOGO}" }`,
      )
      .replace(
        '- { slug: gone',
        '- { slug: cloud, name: Cloud, provider: google, clientId: c, clientSecret: s }\n      - { slug: gone',
      )
      .replace('connectors: [home], refreshKeep: 2', 'connectors: [cloud], refreshKeep: 2'),
  );
}, 60_000);
afterAll(() => broker.close());

/** The link page of a skill as a browser gets it. */
async function open(userAgent: string, clientId = 'alexa-lights'): Promise<{ response: Response; page: string }> {
  const url = authorizeUrl(broker, { client_id: clientId, scope: undefined });
  const response = await fetch(url, { headers: { 'user-agent': userAgent, 'accept-language': 'pt-PT, de;q=0.5' } });
  expect(response.status).toBe(200);
  return { response, page: await response.text() };
}

const slugs = (page: string): (string | undefined)[] =>
  [...page.matchAll(/name="connector" value="(\w+)"/g)].map(([, slug]) => slug);

test('a skill with branding shows it, under a policy that allows exactly this', async () => {
  const { response, page } = await open(BROWSER);
  expect(page).toContain('<html lang="pt-BR">');
  expect(page).toContain('--accent:#d9481e');
  expect(page).toContain(`<img src="${LOGO}"`);
  const hashes = [...page.matchAll(/<style>([^]*?)<\/style>/g)].map(
    ([, style]) =>
      `'sha256-${createHash('sha256')
        .update(style ?? '')
        .digest('base64')}'`,
  );
  expect(hashes).toHaveLength(2);
  const policy = response.headers.get('content-security-policy')?.split('; ');
  expect(policy).toEqual([
    "default-src 'none'",
    `style-src ${hashes.join(' ')}`,
    'img-src data:',
    "form-action 'self' https: http:",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]);
});

test('a skill without branding lets no picture in', async () => {
  const { response } = await open(BROWSER, 'alexa-rival');
  expect(response.headers.get('content-security-policy')).not.toContain('img-src');
});

test('a browser gets the connectors in the order of the skill', async () => {
  const { page } = await open(BROWSER);
  expect(slugs(page)).toEqual(['cloud', 'home']);
  expect(page).not.toContain('class="detour"');
});

test('inside an app a provider that refuses web views comes last, with the address for a browser (R39)', async () => {
  const { response, page } = await open(IN_THE_APP);
  expect(slugs(page)).toEqual(['home', 'cloud']);
  expect(page).toContain(`<a href="${response.url}">`);
  expect(response.headers.get('vary')).toContain('user-agent');
});

test('and where there is no other, the page explains and the button is still there', async () => {
  const { page } = await open(IN_THE_APP, 'alexa-bounded');
  expect(slugs(page)).toEqual(['cloud']);
  expect(page).toContain('Para usar Cloud, abra esta página no navegador');
});

describe('when a store does not answer', () => {
  const url = (): string => `${authorizeUrl(broker)}&nonce=a+b%2F`;
  const find = (): Promise<never> => Promise.reject(new Error('gone'));

  test('the page of a GET repeats its address as it is', async () => {
    const { clients } = broker.broker.needs;
    const original = clients.find;
    Object.assign(clients, { find });
    try {
      const response = await fetch(url());
      expect(response.status).toBe(503);
      const [, href = ''] = /<a class="button" href="([^"]*)"/.exec(await response.text()) ?? [];
      expect(`${broker.url}${href.replaceAll('&amp;', '&').replaceAll('&#39;', "'")}`).toBe(url());
    } finally {
      Object.assign(clients, { find: original });
    }
  });

  test('the page after a button leads back to the attempt', async () => {
    const { url: page } = await fetch(authorizeUrl(broker));
    const { linkRequests } = broker.broker.needs;
    const original = linkRequests.find;
    Object.assign(linkRequests, { find });
    try {
      const response = await fetch(page, { method: 'POST', body: new URLSearchParams({ connector: 'home' }) });
      expect(response.status).toBe(503);
      expect(await response.text()).toContain(`<a class="button" href="${new URL(page).pathname}">`);
    } finally {
      Object.assign(linkRequests, { find: original });
    }
  });
});

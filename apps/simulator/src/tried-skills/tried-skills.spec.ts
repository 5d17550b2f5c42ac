import { noteSecret } from '@linkbroker/testing';
import { startWorld, type World } from '../../test/world.js';

const KEY = noteSecret('simulator key', 'a-key-of-the-simulator-of-a-test');
const HOUR_MS = 3_600_000;
const skill = (clientId: string, name = 'Tried') => ({
  name,
  clientId,
  clientSecret: noteSecret('client secret', `secret-of-${clientId}-in-a-test`),
  vendorId: 'MSIMULATOR',
  skillId: null,
  scopes: [],
  redirectUris: [],
  grantTypes: ['authorization_code'],
  pkce: 'optional',
});

let world: World;
beforeEach(async () => {
  world = await startWorld({}, { key: KEY });
});
afterEach(() => world.close());

const hand = async (body: object, key: string | null = KEY, from = world): Promise<number> => {
  const headers = { ...(key !== null && { authorization: `Bearer ${key}` }) };
  return (await from.simulator.inject({ method: 'POST', url: '/_skills', headers, payload: body })).statusCode;
};
const page = async (path: string): Promise<string> => (await world.simulator.inject({ url: path })).body;

it('knows a skill for an hour', async () => {
  expect(await page('/alexa/skills/alexa-new')).not.toContain('Enable to use');
  expect(await hand(skill('alexa-new'))).toBe(201);
  expect(await page('/alexa/skills/alexa-new')).toContain('Enable to use');
  world.clock.now += HOUR_MS;
  expect(await page('/alexa/skills/alexa-new')).not.toContain('Enable to use');
});

it('knows one that is in a file once, with what only the file has', async () => {
  expect(await hand(skill('alexa-demo', 'Acme Lamps'))).toBe(201);
  const list = await page('/alexa');
  expect([list.includes('Acme Lamps'), list.includes('Acme Lights')]).toEqual([true, false]);
  expect(await page('/alexa/skills/alexa-demo')).toContain('demo-backend');
});

it('keeps the newest hundred', async () => {
  for (let number = 0; number <= 100; number += 1) await hand(skill(`alexa-${String(number)}`));
  expect(await page('/alexa/skills/alexa-0')).not.toContain('Enable to use');
  expect(await page('/alexa/skills/alexa-1')).toContain('Enable to use');
});

it.each([
  ['without the key', {}, null, 401],
  ['with another', {}, 'another-key', 401],
  ['with half of it', {}, KEY.slice(0, -1), 401],
  ['that is none', { name: 'Tried' }, KEY, 400],
] as const)('takes no skill %s', async (_, body, key, status) => {
  expect(await hand({ ...skill('alexa-new'), ...body, ...(status === 400 && { clientId: '' }) }, key)).toBe(status);
});

it('takes none at all where no key was given', async () => {
  const other = await startWorld();
  expect(await hand(skill('alexa-new'), '', other)).toBe(404);
  await other.close();
});

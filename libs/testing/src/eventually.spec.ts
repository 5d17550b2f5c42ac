import { eventually } from './eventually.js';

test('what is there is not waited for', async () => {
  let looks = 0;
  const one = await eventually('one', () => (looks += 1), 0);
  expect([one, looks]).toEqual([1, 1]);
});

test('what is not there yet is looked for again, and returned when it is', async () => {
  const answers = [undefined, false, undefined, 'here'];
  expect(await eventually('the fourth', () => Promise.resolve(answers.shift()))).toBe('here');
  expect(answers).toEqual([]);
});

test.each([0, '', null])('%j is something', async (found) => {
  expect(await eventually('anything', () => found, 0)).toBe(found);
});

test('what does not come is named when patience ends, with what was seen last', async () => {
  let looks = 0;
  const began = performance.now();
  const waiting = eventually('four of them', (saw) => saw({ count: (looks += 1) }).count < 0, 50);
  const said = await waiting.then(String, String);
  expect(said).toBe(`Error: not within 50 ms: four of them; seen last: { count: ${String(looks)} }`);
  expect(looks).toBeGreaterThan(1);
  expect(performance.now() - began).toBeGreaterThanOrEqual(50);
});

test('who says nothing of what is seen is told what was found', async () => {
  await expect(eventually('it', () => false, 0)).rejects.toThrow(/^not within 0 ms: it; seen last: false$/);
  await expect(eventually('it', () => undefined, 0)).rejects.toThrow(/seen last: undefined$/);
});

test('no more is said than can be read', async () => {
  const waiting = eventually('it', (saw) => saw('x'.repeat(100_000)) === '', 0);
  expect((await waiting.then(String, String)).length).toBeLessThan(1_100);
});

test('what look throws ends it at once', async () => {
  let looks = 0;
  const look = () => {
    looks += 1;
    throw new Error('it has ended');
  };
  await expect(eventually('it', look)).rejects.toThrow(/^it has ended$/);
  expect(looks).toBe(1);
});

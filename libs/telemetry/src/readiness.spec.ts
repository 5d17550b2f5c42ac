import { readReadiness, storeChecks, type ReadinessCheck } from './readiness.js';

const check = (name: string, answer: () => Promise<string | undefined>): ReadinessCheck => ({ name, check: answer });
const fine = check('redis', () => Promise.resolve(undefined));

describe('readReadiness', () => {
  it('is ready without checks and with good ones', async () => {
    expect(await readReadiness([])).toEqual({ ready: true, checks: {} });
    expect(await readReadiness([fine])).toEqual({ ready: true, checks: { redis: 'ok' } });
  });

  it.each([
    ['says what is missing', () => Promise.resolve('migrations are missing'), 'migrations are missing'],
    ['throws an error', () => Promise.reject(new Error('no connection')), 'no connection'],
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    ['throws something else', () => Promise.reject('x'), 'failed'],
  ])('is not ready where a check %s', async (_, answer, words) => {
    expect(await readReadiness([fine, check('postgres', answer)])).toEqual({
      ready: false,
      checks: { redis: 'ok', postgres: words },
    });
  });

  it('asks all checks at once', async () => {
    const asked: string[] = [];
    let arrive: () => void = () => undefined;
    const first = new Promise<undefined>((resolve) => (arrive = () => resolve(undefined)));
    const reading = readReadiness([
      check('a', () => first),
      check('b', () => {
        asked.push('b');
        return Promise.resolve(undefined);
      }),
    ]);
    expect(asked).toEqual(['b']);
    arrive();
    expect((await reading).ready).toBe(true);
  });
});

describe('storeChecks', () => {
  const read = (upToDate: boolean, pong: boolean) =>
    readReadiness(
      storeChecks(
        () => Promise.resolve({ upToDate }),
        () => Promise.resolve(pong),
      ),
    );

  it.each([
    [true, true, { postgres: 'ok', redis: 'ok' }],
    [false, true, { postgres: 'migrations are missing', redis: 'ok' }],
    [true, false, { postgres: 'ok', redis: 'Redis does not answer' }],
  ])('schema up to date %s, Redis %s', async (upToDate, pong, checks) => {
    expect(await read(upToDate, pong)).toEqual({ ready: upToDate && pong, checks });
  });

  it('tell of a database that is away', async () => {
    const checks = storeChecks(
      () => Promise.reject(new Error('connect ECONNREFUSED')),
      () => Promise.resolve(true),
    );
    expect(await readReadiness(checks)).toMatchObject({ ready: false, checks: { postgres: 'connect ECONNREFUSED' } });
  });
});

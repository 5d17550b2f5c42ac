import { createLogger } from './logger.js';
import { REDACTED_FIELDS } from './redaction.js';

const SECRET = 'hunter2hunter2';

/** A logger and the lines it wrote. */
function capture(level = 'trace') {
  const lines: string[] = [];
  const logger = createLogger({ app: 'broker', level, destination: { write: (line) => void lines.push(line) } });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? 'null') as Record<string, unknown> };
}

describe('a line', () => {
  it('is JSON with level, time and app', () => {
    const { logger, last, lines } = capture();
    logger.warn({ skill: 'alexa-lights', ms: 12 }, 'slow');
    expect(last()).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      app: 'broker',
      skill: 'alexa-lights',
      ms: 12,
      msg: 'slow',
    });
    expect(lines[0]).toMatch(/^[^\n]+\n$/);
  });

  it('is written from its level on', () => {
    const { logger, lines } = capture('warn');
    logger.info('quiet');
    logger.warn('loud');
    expect(lines).toHaveLength(1);
  });
});

describe.each(REDACTED_FIELDS.map((name) => [name]))('the field %s', (name) => {
  const values = [
    SECRET,
    `"}],\\${SECRET}`,
    42_424_242,
    true,
    [SECRET],
    { inner: SECRET },
    { token: SECRET, state: [{ code: SECRET }] },
    [['a'], `]${SECRET}`],
    { inner: { a: 1 }, list: [{ b: '}' }], last: SECRET },
  ];

  it.each([0, 1, 2, 3, 7])('is redacted %d levels down, whatever it holds', (depth) => {
    for (const value of values) {
      const { logger, lines, last } = capture();
      let fields: Record<string, unknown> = { before: 'kept', [name]: value, beside: 'kept' };
      for (let level = 0; level < depth; level += 1) fields = { [`level${level}`]: fields };
      logger.info(fields, 'message');
      expect(lines[0]).not.toMatch(/hunter2|42424242/);
      let found: unknown = last();
      for (let level = depth - 1; level >= 0; level -= 1) found = (found as typeof fields)[`level${level}`];
      expect(found).toMatchObject({ before: 'kept', [name]: '[redacted]', beside: 'kept' });
      expect(last()['msg']).toBe('message');
    }
  });
});

describe('a secret does not get out', () => {
  const bearer = `Bearer ${SECRET}`;
  const redirect = `https://a.example/cb?code=${SECRET}&state=${SECRET}`;

  it.each([
    ['in a message', (log: ReturnType<typeof capture>['logger']) => log.info(`sent ${bearer}`)],
    [
      'in a format',
      (log: ReturnType<typeof capture>['logger']) => log.info('sent %s to %j', bearer, { url: redirect }),
    ],
    ['in an address', (log: ReturnType<typeof capture>['logger']) => log.info({ url: redirect })],
    ['in a list', (log: ReturnType<typeof capture>['logger']) => log.info({ headers: ['authorization', bearer] })],
    ['far down', (log: ReturnType<typeof capture>['logger']) => log.info({ a: { b: { c: { d: { e: redirect } } } } })],
    ['in an error', (log: ReturnType<typeof capture>['logger']) => log.error({ err: new Error(`no ${bearer}`) })],
    ['in an error alone', (log: ReturnType<typeof capture>['logger']) => log.error(new Error(`first\n${bearer}`))],
    [
      'in the cause of an error',
      (log: ReturnType<typeof capture>['logger']) => log.error({ err: new Error('x', { cause: new Error(redirect) }) }),
    ],
    [
      'in a field of an error',
      (log: ReturnType<typeof capture>['logger']) =>
        log.error({ err: Object.assign(new Error('x'), { token: SECRET }) }),
    ],
    [
      'of a child logger',
      (log: ReturnType<typeof capture>['logger']) => log.child({ token: SECRET, url: redirect }).info('x'),
    ],
    [
      'in an array of objects',
      (log: ReturnType<typeof capture>['logger']) => log.info({ tries: [{ password: SECRET }] }),
    ],
  ])('%s', (_, write) => {
    const { logger, lines } = capture();
    write(logger);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain(SECRET);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ app: 'broker' });
  });
});

it('leaves harmless lines as they are', () => {
  const { logger, last } = capture();
  const fields = {
    trace: { name: 'grant.refreshed', tenantId: '0195e7a0-0000-7000-8000-000000000001', figures: { generation: 8 } },
    url: 'https://broker.example/oauth/authorize',
    reference: 'K7QX-3M2P',
  };
  logger.info(fields, 'grant.refreshed');
  expect(last()).toMatchObject({ ...fields, msg: 'grant.refreshed' });
});

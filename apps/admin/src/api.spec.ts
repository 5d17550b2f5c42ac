import { jest } from '@jest/globals';
import { createScratchDatabase, type ScratchDatabase } from '@linkbroker/persistence/testing';
import { createLogger } from '@linkbroker/telemetry';
import { noteSecret, watchedLog, watchOutput } from '@linkbroker/testing';
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adminEnvironment } from '../test/admin-environment.js';
import { createAdmin, type Admin, type AdminEnvironment } from './index.js';

let database: ScratchDatabase;
const masterKeys = `k1:${noteSecret('master key', randomBytes(32).toString('base64'))}`;
const environment = (): AdminEnvironment => adminEnvironment(database, masterKeys);
beforeAll(async () => {
  database = await createScratchDatabase();
});
afterAll(() => database.close());

test('the operator key is made once, for its owner only, and one that is no key is not taken', async () => {
  const env = environment();
  const logger = createLogger({ app: 'admin', level: 'info', destination: watchedLog('admin') });
  const path = join(env.DATA_DIR, 'operator.key');
  const first = await createAdmin(env, logger, '9.9.9');
  await first.close();
  const key = readFileSync(path, 'utf8').trim();
  expect([key.length, (statSync(path).mode & 0o777).toString(8)]).toEqual([43, '600']);
  const second = await createAdmin(env, logger, '9.9.9');
  expect(second.needs.operatorKey).toBe(key);
  await second.close();
  writeFileSync(path, '\n');
  await expect(createAdmin(env, logger, '9.9.9')).rejects.toThrow(/holds no operator key/);
});

describe('the API', () => {
  let admin: Admin;
  beforeAll(async () => {
    admin = await createAdmin(
      environment(),
      createLogger({ app: 'admin', level: 'info', destination: watchedLog('admin') }),
      '9.9.9',
    );
    await admin.app.init();
    noteSecret('operator key', admin.needs.operatorKey);
  });
  afterAll(() => admin.close());
  const ask = async (url: string, key = admin.needs.operatorKey) => {
    const answer = await admin.app.inject({ url: `/api/v1/${url}`, headers: { authorization: `Bearer ${key}` } });
    watchOutput('what the API answers', `${answer.body}\n`);
    return {
      status: answer.statusCode,
      type: answer.headers['content-type'],
      body: answer.json<Record<string, unknown>>(),
    };
  };

  test.each(['', 'x', 'A'.repeat(43)])('lets nobody in with the key "%s"', async (key) => {
    expect(await ask('traces?tenant=acme', key)).toMatchObject({
      status: 401,
      type: expect.stringContaining('application/problem+json') as string,
      body: { status: 401, detail: expect.stringContaining('operator.key') as string },
    });
  });

  test.each([
    ['traces', /give ref, or tenant/],
    ['traces?tenant=acme&colour=red', /query.colour is unknown/],
    ['traces?tenant=acme&limit=0', /limit must be/],
    ['traces?tenant=acme&limit=1001', /limit must be/],
    ['traces?tenant=acme&from=yesterday', /from must be a time/],
    ['traces?tenant=acme&before=2026-99-99', /before must be a time/],
    ['traces?tenant=', /tenant must be a text/],
    ['traces?tenant=acme&tenant=rival', /query.tenant/],
    ['traces?tenant=%00', /holds a NUL/],
    [`traces?tenant=acme&state=${'x'.repeat(2_049)}`, /state must be a text/],
    ['support-case?tenant=acme', /give ref/],
  ])('says what is wrong with %s', async (url, detail) => {
    const { status, body } = await ask(url);
    expect(status).toBe(400);
    expect(body['detail']).toMatch(detail);
  });

  test.each([
    'traces?tenant=nobody',
    'traces?ref=AAAA-0000',
    `links/${randomUUID()}/timeline`,
    'links/x/support-case',
    'x',
  ])('finds nothing at %s', async (url) => {
    expect((await ask(url)).status).toBe(404);
  });

  test('says 503 and nothing of what is wrong when the database is away', async () => {
    const gone = await createAdmin(
      environment(),
      createLogger({ app: 'admin', level: 'info', destination: watchedLog('admin') }),
      '9.9.9',
    );
    await gone.app.init();
    jest.spyOn(gone.needs.timelines, 'resolve').mockRejectedValue(new Error('connect ECONNREFUSED 10.0.0.1:5432'));
    const headers = { authorization: `Bearer ${gone.needs.operatorKey}` };
    const answer = await gone.app.inject({ url: '/api/v1/traces?ref=AAAA-0000', headers });
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5']);
    expect(answer.body).not.toContain('10.0.0.1');
    await gone.close();
  });
});

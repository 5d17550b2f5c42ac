import { connectRedis, AdminSessionsStore } from '@linkbroker/ephemeral';
import { AccountsStore, BootstrapStore, PasskeysStore } from '@linkbroker/persistence';
import { createScratchDatabase, type ScratchDatabase } from '@linkbroker/persistence/testing';
import { noteSecret } from '@linkbroker/testing';
import { randomBytes, randomUUID } from 'node:crypto';
import type { OperatorNeeds } from './operator-command.js';
import { OperatorRefused, OperatorUsageError, readOperatorArguments, runOperator } from './operator-command.js';
import { hashOfToken } from './sign-in/first-operator.js';

const NOW = new Date('2026-11-22T12:00:00Z');
const printed: string[] = [];
let database: ScratchDatabase;
let redis: Awaited<ReturnType<typeof connectRedis>>;
let needs: OperatorNeeds;
let passkeys: PasskeysStore;
beforeAll(async () => {
  database = await createScratchDatabase();
  redis = await connectRedis(process.env['TEST_REDIS_URL'] ?? '');
  const { dataSource } = await database.open('admin');
  passkeys = new PasskeysStore(dataSource);
  needs = {
    now: () => NOW,
    newSecret: () => noteSecret('secret', randomBytes(32).toString('base64url')),
    adminUrl: 'https://admin.example',
    accounts: new AccountsStore(dataSource),
    bootstrap: new BootstrapStore(dataSource),
    sessions: new AdminSessionsStore(redis),
    print: (line) => printed.push(line),
  };
});
afterAll(async () => {
  redis.disconnect();
  await database.close();
});
beforeEach(() => printed.splice(0));

const run = (...argv: string[]) => runOperator(needs, readOperatorArguments(argv));

test('a link, then an operator, whose lost factor is reset and whose sessions end with it', async () => {
  await run('list');
  expect(printed).toEqual([]);
  await run();
  const token = printed[0]?.split('#token=')[1] ?? '';
  expect(printed[0]).toMatch(/^https:\/\/admin\.example\/welcome#token=/);
  const id = randomUUID();
  const account = {
    id,
    displayName: 'Ada',
    login: 'ada@example.com',
    passwordHash: 'h',
    operator: true,
    createdAt: NOW,
  };
  const entry = {
    at: NOW,
    actor: { kind: 'command', id: null, label: 'x' },
    action: 'x',
    subject: id,
    diff: {},
    address: null,
  } as const;
  expect(
    await new BootstrapStore((await database.open('admin')).dataSource).consume(hashOfToken(token), account, entry),
  ).toBe(true);
  await expect(run()).rejects.toThrow(OperatorRefused);
  await passkeys.add(
    { id: 'k', accountId: id, publicKey: '', counter: 0, transports: [], name: 'Key', createdAt: NOW },
    entry,
  );
  const sessions = new AdminSessionsStore(redis);
  const secret = noteSecret('session secret', randomBytes(32).toString('base64url'));
  const session = { accountId: id, stage: 'signed-in', method: 'passkey', csrf: 'c', agent: 'x', only: null } as const;
  await sessions.begin(secret, { ...session, secondFactorAt: NOW, createdAt: NOW }, NOW);
  await run('list');
  await run('reset-factor', 'Ada@example.com');
  await run('list');
  expect(printed.slice(1)).toEqual([
    'ada@example.com  Ada  1 passkeys',
    'ada@example.com has no second factor, and sets up a new one where one is needed',
    'ada@example.com  Ada  no second factor yet',
  ]);
  expect(await sessions.find(secret, NOW)).toBeUndefined();
  await expect(run('reset-factor', 'nobody@example.com')).rejects.toThrow(/nobody signs in as/);
});

test('an account becomes an operator and is shut out, once each, and what it had open ends', async () => {
  const [id, login] = [randomUUID(), 'bob@example.com'];
  await database.sql(
    `INSERT INTO linkbroker.accounts (id, display_name, login, created_at) VALUES ($1, 'Bob', $2, now())`,
    [id, login],
  );
  const sessions = new AdminSessionsStore(redis);
  for (const [command, after] of [
    ['grant', { operator: true, disabledAt: null }],
    ['disable', { operator: true, disabledAt: NOW }],
    ['enable', { operator: true, disabledAt: null }],
    ['withdraw', { operator: false, disabledAt: null }],
  ] as const) {
    const secret = noteSecret('session secret', randomBytes(32).toString('base64url'));
    const session = {
      accountId: id,
      stage: 'signed-in',
      method: 'passkey',
      csrf: 'c',
      agent: 'x',
      only: null,
    } as const;
    await sessions.begin(secret, { ...session, secondFactorAt: NOW, createdAt: NOW }, NOW);
    await run(command, login);
    expect(await needs.accounts.findByLogin(login)).toMatchObject(after);
    expect(await sessions.find(secret, NOW)).toBeUndefined();
    await expect(run(command, login)).rejects.toThrow(/is so already/);
  }
  expect(printed).toHaveLength(4);
  const text = 'SELECT action FROM linkbroker.audit_log WHERE subject = $1 ORDER BY seq';
  expect((await database.sql<{ action: string }>(text, [id])).map(({ action }) => action)).toEqual([
    ...['operator.granted', 'account.disabled', 'account.enabled', 'operator.withdrawn'],
  ]);
});

test.each([['reset-factor'], ['list', 'x'], ['help'], ['reset-factor', 'a', 'b']])(
  '%s %s is not understood',
  (...argv) => {
    expect(() => readOperatorArguments(argv)).toThrow(OperatorUsageError);
  },
);

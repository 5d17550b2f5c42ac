import { randomBytes, randomUUID } from 'node:crypto';
import {
  AccountsStore,
  AuditLogStore,
  BootstrapStore,
  LoginTaken,
  PasskeysStore,
  type AuditEntry,
  type NewAccount,
} from '../index.js';
import { createScratchDatabase, type ScratchDatabase } from '../testing/index.js';

const NOW = new Date('2026-11-22T12:00:00Z');
let scratch: ScratchDatabase;
let accounts: AccountsStore;
let passkeys: PasskeysStore;
let bootstrap: BootstrapStore;
let log: AuditLogStore;
beforeAll(async () => {
  scratch = await createScratchDatabase();
  const { dataSource } = await scratch.open('admin');
  accounts = new AccountsStore(dataSource);
  passkeys = new PasskeysStore(dataSource);
  bootstrap = new BootstrapStore(dataSource);
  log = new AuditLogStore(dataSource);
});
afterAll(() => scratch.close());
beforeEach(() => scratch.sql('TRUNCATE linkbroker.accounts CASCADE').then(() => undefined));

const entry = (action = 'x'): AuditEntry => ({
  ...{ at: NOW, action, subject: 's', diff: {}, address: null },
  actor: { kind: 'command', id: null, label: 'spec' },
});
const person = (more: Partial<NewAccount> = {}): NewAccount => ({
  ...{ id: randomUUID(), displayName: 'Ada', login: `${randomUUID()}@example.com`, passwordHash: 'hash' },
  ...{ operator: true, createdAt: NOW, ...more },
});
async function operator(): Promise<string> {
  const [hash, account] = [randomBytes(32), person()];
  await bootstrap.issue(hash, new Date(NOW.getTime() + 1));
  expect(await bootstrap.consume(hash, account, entry())).toBe(true);
  return account.id;
}
const won = (outcomes: readonly boolean[]): number => outcomes.filter(Boolean).length;

describe('the first operator', () => {
  test('is made once, however many try with however many links', async () => {
    const hashes = [randomBytes(32), randomBytes(32)];
    for (const hash of hashes) expect(await bootstrap.issue(hash, new Date(NOW.getTime() + 1))).toBe(true);
    const tries = Array.from({ length: 10 }, (_, index) => bootstrap.consume(hashes[index % 2]!, person(), entry()));
    expect(won(await Promise.all(tries))).toBe(1);
    expect(await accounts.operators()).toHaveLength(1);
    expect(await bootstrap.issue(randomBytes(32), new Date(NOW.getTime() + 1))).toBe(false);
  });

  test('is not made by a link that has run out, nor by one that another replaced', async () => {
    const [late, replaced, good] = [randomBytes(32), randomBytes(32), randomBytes(32)];
    await bootstrap.issue(late, NOW);
    expect(await bootstrap.consume(late, person(), entry())).toBe(false);
    await bootstrap.issue(replaced, new Date(NOW.getTime() + 1));
    await bootstrap.issue(good, new Date(NOW.getTime() + 1));
    expect(await bootstrap.consume(replaced, person(), entry())).toBe(false);
    expect(await accounts.operators()).toEqual([]);
    expect(await bootstrap.consume(good, person(), entry())).toBe(true);
  });

  test('whose login is taken leaves the link as it was', async () => {
    const taken = person({ operator: false });
    await scratch.sql(
      `INSERT INTO linkbroker.accounts (id, display_name, login, created_at) VALUES ($1, 'Bob', $2, now())`,
      [taken.id, taken.login],
    );
    const hash = randomBytes(32);
    await bootstrap.issue(hash, new Date(NOW.getTime() + 1));
    await expect(bootstrap.consume(hash, person({ login: taken.login }), entry())).rejects.toThrow(LoginTaken);
    expect(await bootstrap.consume(hash, person(), entry())).toBe(true);
  });
});

describe('an authenticator app', () => {
  const sealed = Buffer.from('sealed');

  test('is confirmed once, and each of its steps is taken once and in order', async () => {
    const id = await operator();
    expect(await accounts.takeTotpStep(id, 1)).toBe(false);
    expect(await accounts.beginTotp(id, sealed)).toBe(true);
    expect((await accounts.factorsOf(id)).totp).toBe(false);
    expect(await accounts.takeTotpStep(id, 1)).toBe(false);
    expect(await accounts.confirmTotp(id, Buffer.from('other'), 5, entry())).toBe(false);
    expect(won(await Promise.all([1, 2, 3].map(() => accounts.confirmTotp(id, sealed, 5, entry()))))).toBe(1);
    expect(await accounts.beginTotp(id, Buffer.from('new'))).toBe(false);
    expect(await accounts.takeTotpStep(id, 5)).toBe(false);
    expect(won(await Promise.all(Array.from({ length: 8 }, () => accounts.takeTotpStep(id, 6))))).toBe(1);
    expect(await accounts.takeTotpStep(id, 4)).toBe(false);
    expect(await accounts.takeTotpStep(id, 7)).toBe(true);
  });

  test('stays where it is the last factor of an operator, also when two go at once', async () => {
    const id = await operator();
    await accounts.beginTotp(id, sealed);
    await accounts.confirmTotp(id, sealed, 1, entry());
    expect(await accounts.removeTotp(id, entry())).toBe(false);
    for (let round = 0; round < 5; round += 1) {
      await passkeys.add(passkeyOf(id, `key-${String(round)}`), entry());
      const removed = await Promise.all([
        accounts.removeTotp(id, entry()),
        passkeys.remove(id, `key-${String(round)}`, entry()),
      ]);
      expect(won(removed)).toBe(1);
      const { totp, passkeys: count } = await accounts.factorsOf(id);
      expect(totp || count > 0).toBe(true);
      if (totp) continue;
      await accounts.beginTotp(id, sealed);
      await accounts.confirmTotp(id, sealed, round + 10, entry());
      await passkeys.remove(id, `key-${String(round)}`, entry());
    }
  });

  test('goes with everything else when a lost factor is reset', async () => {
    const id = await operator();
    await accounts.beginTotp(id, sealed);
    await accounts.confirmTotp(id, sealed, 1, entry());
    await passkeys.add(passkeyOf(id, 'k'), entry());
    await accounts.replaceRecoveryCodes(id, [randomBytes(32)], entry());
    await accounts.resetFactors(id, entry('factors.reset'));
    expect(await accounts.factorsOf(id)).toEqual({ totp: false, passkeys: 0, recoveryCodes: 0 });
    expect((await log.list(null, null, 1))[0]?.action).toBe('factors.reset');
  });
});

const passkeyOf = (accountId: string, id: string) => ({
  ...{ id, accountId, publicKey: 'cose', counter: 0, transports: ['internal'], name: 'Key', createdAt: NOW },
});

test('a passkey is found, counts on, and is added once', async () => {
  const id = await operator();
  expect(await passkeys.add(passkeyOf(id, 'one'), entry())).toBe(true);
  expect(await passkeys.add(passkeyOf(id, 'one'), entry())).toBe(false);
  expect(await passkeys.find('one')).toEqual({ ...passkeyOf(id, 'one'), lastUsedAt: null });
  expect(await passkeys.used('one', 0, NOW)).toBe(true);
  expect(await passkeys.used('one', 4, NOW)).toBe(true);
  expect(await passkeys.used('one', 4, NOW)).toBe(false);
  expect(await passkeys.used('one', 0, NOW)).toBe(false);
  expect(await passkeys.list(id)).toMatchObject([{ counter: 4, lastUsedAt: NOW }]);
  expect(await passkeys.remove(randomUUID(), 'one', entry())).toBe(false);
  expect(await passkeys.remove(id, 'one', entry())).toBe(false);
});

test('a recovery code is spent once, and renewing voids those before', async () => {
  const id = await operator();
  const [code, other] = [randomBytes(32), randomBytes(32)];
  await accounts.replaceRecoveryCodes(id, [code, other], entry());
  expect(await accounts.takeRecoveryCode(randomUUID(), code, entry())).toBe(false);
  expect(won(await Promise.all([1, 2, 3, 4].map(() => accounts.takeRecoveryCode(id, code, entry()))))).toBe(1);
  await accounts.replaceRecoveryCodes(id, [randomBytes(32)], entry());
  expect(await accounts.takeRecoveryCode(id, other, entry())).toBe(false);
  expect((await accounts.factorsOf(id)).recoveryCodes).toBe(1);
});

test('a password is replaced where it is still the one that was checked', async () => {
  const id = await operator();
  const changes = ['a', 'b', 'c'].map((to) => accounts.changePassword(id, 'hash', to, entry('password.changed')));
  expect(won(await Promise.all(changes))).toBe(1);
  const before = (await log.list(null, null, 100)).length;
  expect(await accounts.changePassword(id, 'hash', 'd', entry())).toBe(false);
  expect(await log.list(null, null, 100)).toHaveLength(before);
});

test.each(['broker', 'worker'] as const)('%s has nothing to do with people', async (role) => {
  const { dataSource } = await scratch.open(role);
  for (const table of [
    'sign_in_providers',
    'account_identities',

    'accounts',
    'passkeys',
    'recovery_codes',
    'bootstrap_links',
    'members',
    'invitations',
    'api_keys',
  ])
    await expect(dataSource.query(`SELECT 1 FROM linkbroker.${table}`)).rejects.toThrow(/permission denied/);
});

import type { Role, TenantId } from '@linkbroker/contracts';
import { randomBytes, randomUUID } from 'node:crypto';
import { createTenantFixture } from '../../test/tenant-fixture.js';
import {
  AccountsStore,
  ApiKeysStore,
  AuditLogStore,
  InvitationsStore,
  LoginTaken,
  MembersStore,
  SignInProvidersStore,
  type AuditEntry,
  type NewAccount,
} from '../index.js';
import { createScratchDatabase, type ScratchDatabase } from '../testing/index.js';

const NOW = new Date('2026-11-22T12:00:00Z');
const later = (ms: number): Date => new Date(NOW.getTime() + ms);
let scratch: ScratchDatabase;
let members: MembersStore;
let invitations: InvitationsStore;
let apiKeys: ApiKeysStore;
let accounts: AccountsStore;
let log: AuditLogStore;
let own: TenantId;
let other: TenantId;
beforeAll(async () => {
  scratch = await createScratchDatabase();
  const { dataSource } = await scratch.open('admin');
  members = new MembersStore(dataSource);
  invitations = new InvitationsStore(dataSource);
  apiKeys = new ApiKeysStore(dataSource);
  accounts = new AccountsStore(dataSource);
  log = new AuditLogStore(dataSource);
});
afterAll(() => scratch.close());
beforeEach(async () => {
  own = (await createTenantFixture(scratch)).tenantId;
  other = (await createTenantFixture(scratch)).tenantId;
});

const entry = (action = 'x'): AuditEntry => ({
  ...{ at: NOW, action, subject: 's', diff: {}, address: null },
  actor: { kind: 'command', id: null, label: 'spec' },
});
const person = (): NewAccount => ({
  ...{ id: randomUUID(), displayName: 'Ada', login: `${randomUUID()}@example.com`, passwordHash: 'hash' },
  ...{ operator: false, createdAt: NOW },
});
async function invited(role: Role, expiresAt = later(1)): Promise<{ id: string; hash: Buffer }> {
  const [id, hash] = [randomUUID(), randomBytes(32)];
  await invitations.create(
    own,
    { id, role, label: 'Bob', createdAt: NOW, expiresAt },
    hash,
    entry('invitation.created'),
  );
  return { id, hash };
}
async function member(role: Role): Promise<string> {
  const [{ hash }, account] = [await invited(role), person()];
  await invitations.accept(own, hash, { accountId: account.id, account }, entry());
  return account.id;
}

describe('an invitation', () => {
  test('is accepted by one of those who try, and makes an account for that one only', async () => {
    const { hash } = await invited('support');
    expect(await invitations.resolve(hash, NOW)).toMatchObject({ tenantId: own });
    const people = Array.from({ length: 8 }, person);
    const outcomes = await Promise.all(
      people.map((account) =>
        invitations.accept(own, hash, { accountId: account.id, account }, entry('member.joined')),
      ),
    );
    expect(outcomes.filter(({ outcome }) => outcome === 'accepted')).toEqual([
      { outcome: 'accepted', role: 'support' },
    ]);
    const made = await Promise.all(people.map(({ id }) => accounts.find(id)));
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await members.list(own)).toMatchObject([{ role: 'support' }]);
    expect((await log.list(own, null, 1))[0]).toMatchObject({ action: 'member.joined', diff: { role: 'support' } });
    expect(await invitations.resolve(hash, NOW)).toBeUndefined();
  });

  test('that has run out, was taken back or is of another tenant is accepted by nobody', async () => {
    const [late, revoked, foreign] = [await invited('owner', NOW), await invited('owner'), await invited('owner')];
    expect(await invitations.revoke(other, revoked.id, entry())).toBe(false);
    expect(await invitations.revoke(own, revoked.id, entry())).toBe(true);
    expect(await invitations.revoke(own, revoked.id, entry())).toBe(false);
    for (const [tenant, { hash }] of [
      [own, late],
      [own, revoked],
      [other, foreign],
    ] as const) {
      const account = person();
      expect(await invitations.accept(tenant, hash, { accountId: account.id, account }, entry())).toEqual({
        outcome: 'void',
      });
      expect(await accounts.find(account.id)).toBeUndefined();
    }
    expect((await invitations.list(own, NOW)).map(({ id }) => id)).toEqual([foreign.id]);
    expect(await invitations.list(other, NOW)).toEqual([]);
  });

  test('is not used up by a member, nor by a login that is taken', async () => {
    const id = await member('viewer');
    const { hash } = await invited('owner');
    expect(await invitations.accept(own, hash, { accountId: id, account: null }, entry())).toEqual({
      outcome: 'member',
    });
    const login = (await accounts.find(id))?.login ?? '';
    const account = { ...person(), login };
    await expect(invitations.accept(own, hash, { accountId: account.id, account }, entry())).rejects.toThrow(
      LoginTaken,
    );
    expect(await invitations.resolve(hash, NOW)).toMatchObject({ tenantId: own });
  });
});

describe('members', () => {
  test('are of one tenant, and an account is told where it is one', async () => {
    const id = await member('developer');
    expect(await members.roleOf(own, id)).toBe('developer');
    expect(await members.roleOf(other, id)).toBeUndefined();
    expect(await members.list(other)).toEqual([]);
    expect(await members.changeRole(other, id, 'owner', entry())).toBe('missing');
    expect(await members.remove(other, id, entry())).toBe('missing');
    expect(await accounts.membershipsOf(id)).toMatchObject([{ tenantId: own, role: 'developer' }]);
    expect(await accounts.membershipsOf(randomUUID())).toEqual([]);
  });

  test('keep one owner, whichever two of them leave at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [one, two] = [await member('owner'), await member('owner')];
      const before = (await members.list(own)).filter(({ role, id }) => role === 'owner' && id !== one && id !== two);
      for (const { id } of before) await members.remove(own, id, entry());
      const outcomes = await Promise.all([
        members.remove(own, one, entry()),
        members.changeRole(own, two, 'viewer', entry()),
      ]);
      expect([...outcomes].sort()).toEqual(['done', 'last-owner']);
      expect((await members.list(own)).filter(({ role }) => role === 'owner')).toHaveLength(1);
    }
  });

  test('change roles otherwise, and each change is in the audit log', async () => {
    const [owner, id] = [await member('owner'), await member('viewer')];
    expect(await members.changeRole(own, owner, 'owner', entry())).toBe('done');
    expect(await members.changeRole(own, id, 'owner', entry('member.role-changed'))).toBe('done');
    expect((await log.list(own, null, 1))[0]?.action).toBe('member.role-changed');
    expect(await members.changeRole(own, owner, 'support', entry())).toBe('done');
    const before = await log.verify(own);
    expect(await members.remove(own, id, entry())).toBe('last-owner');
    expect(await log.verify(own)).toEqual(before);
  });
});

describe('an API key', () => {
  const made = async (expiresAt = later(60 * 60_000)) => {
    const [id, hash] = [randomUUID(), randomBytes(32)];
    const key = {
      id,
      name: 'CI',
      permissions: ['links.read'],
      createdBy: 'Ada',
      createdAt: NOW,
      expiresAt,
      lastUsedAt: null,
    };
    await apiKeys.create(own, key, hash, entry());
    return { id, hash, key };
  };

  test('opens its tenant until it runs out or is revoked', async () => {
    const { id, hash } = await made();
    const found = { id, tenantId: own, name: 'CI', permissions: ['links.read'] };
    expect(await apiKeys.resolve(hash, NOW)).toEqual(found);
    expect(await apiKeys.resolve(randomBytes(32), NOW)).toBeUndefined();
    expect(await apiKeys.resolve(hash, later(60 * 60_000))).toBeUndefined();
    expect(await apiKeys.revoke(other, id, entry())).toBe(false);
    expect(await apiKeys.resolve(hash, NOW)).toEqual(found);
    expect(await apiKeys.revoke(own, id, entry())).toBe(true);
    expect(await apiKeys.resolve(hash, NOW)).toBeUndefined();
    expect(await apiKeys.list(own)).toEqual([]);
  });

  test('notes its use once a minute', async () => {
    const { hash } = await made();
    const used = async () => (await apiKeys.list(own))[0]?.lastUsedAt;
    expect(await used()).toBeNull();
    await apiKeys.resolve(hash, later(1_000));
    await apiKeys.resolve(hash, later(60_000));
    expect(await used()).toEqual(later(1_000));
    await apiKeys.resolve(hash, later(61_001));
    expect(await used()).toEqual(later(61_001));
    expect(await apiKeys.list(other)).toEqual([]);
  });

  test('lasts 400 days at most', async () => {
    await expect(made(later(400 * 86_400_000 + 1))).rejects.toThrow(/api_keys_expiry_check/);
    await made(later(400 * 86_400_000));
  });
});

test('a sign-in provider is found by everybody, and listed and removed by its owner only', async () => {
  const providers = new SignInProvidersStore((await scratch.open('admin')).dataSource);
  const made = (slug: string) => ({
    ...{ id: randomUUID(), slug, name: 'Staff', issuer: 'https://id.example', clientId: 'console', createdAt: NOW },
  });
  const [mine, shared] = [made(`p-${randomUUID()}`), made(`q-${randomUUID()}`)];
  const sealed = Buffer.from('sealed');
  expect(await providers.add(own, mine, sealed, entry('sign-in-provider.added'))).toBe(true);
  expect(await providers.add(other, { ...made(mine.slug) }, sealed, entry())).toBe(false);
  expect(await providers.add(null, shared, sealed, entry())).toBe(true);
  expect(await providers.list(own)).toEqual([mine]);
  expect(await providers.list(other)).toEqual([]);
  expect(await providers.list(null)).toEqual([shared]);
  const { id, slug, issuer, clientId } = mine;
  expect(await providers.find(slug)).toEqual({ id, slug, issuer, clientId, tenantId: own, clientSecret: sealed });
  expect(await providers.find(shared.slug)).toMatchObject({ tenantId: null });
  for (const stranger of [other, null]) expect(await providers.remove(stranger, id, entry())).toBe(false);
  expect(await providers.remove(own, shared.id, entry())).toBe(false);
  expect(await providers.remove(own, id, entry())).toBe(true);
  expect(await providers.find(slug)).toBeUndefined();
  expect((await log.list(own, null, 10)).map(({ action }) => action)).toEqual(['x', 'sign-in-provider.added']);
  expect(await providers.add(other, made(slug), sealed, entry())).toBe(true);
});

test('somebody is known by issuer and subject together', async () => {
  const { hash } = await invited('viewer');
  const account = { ...person(), login: null, passwordHash: null };
  const identity = { issuer: 'https://id.example', subject: randomUUID() };
  await invitations.accept(own, hash, { accountId: account.id, account, identity }, entry());
  expect(await accounts.findByIdentity(identity)).toMatchObject({ id: account.id, login: null, passwordHash: null });
  expect(await accounts.findByIdentity({ ...identity, issuer: 'https://other.example' })).toBeUndefined();
  expect(await accounts.findByIdentity({ ...identity, subject: identity.subject.toUpperCase() })).toBeUndefined();
});

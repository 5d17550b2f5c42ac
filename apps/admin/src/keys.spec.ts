import { asTenantId, type TenantId } from '@linkbroker/contracts';
import { KeyRotationStore, KeysStore, SealedValuesStore } from '@linkbroker/persistence';
import { createScratchDatabase, type ScratchDatabase } from '@linkbroker/persistence/testing';
import { FixedClock, noteSecret, watchOutput } from '@linkbroker/testing';
import { MacKeyRing, MasterKeyMissing, parseMasterKeys, RotationRefused, Vault } from '@linkbroker/vault';
import { randomBytes, randomUUID } from 'node:crypto';
import { KeysUsageError } from './keys-arguments.js';
import { runKeys } from './keys-command.js';

const [OLD, NEW] = ['k1', 'k2'].map(
  (id) => `${id}:${noteSecret('master key', randomBytes(32).toString('base64'))}`,
) as [string, string];
const FIELD = 'connectors.client_secret';
const deadline = () => performance.now() + 10_000;

let database: ScratchDatabase;
let keys: KeysStore;
let run: (masterKeys: string, ...argv: string[]) => Promise<{ done: boolean; said: string }>;
const clock = new FixedClock(new Date().toISOString());
beforeAll(async () => {
  database = await createScratchDatabase();
  const opened = await database.open('admin');
  keys = new KeysStore(opened.database);
  const stores = {
    keys,
    rotation: new KeyRotationStore(opened.dataSource),
    sealedValues: new SealedValuesStore(opened.dataSource),
  };
  run = async (masterKeys, ...argv) => {
    const lines: string[] = [];
    const print = (line: string): void => {
      lines.push(line);
      watchOutput('what keys prints', `${line}\n`);
    };
    const done = await runKeys({ masterKeys: parseMasterKeys(masterKeys), ...stores, now: clock.now, print }, argv);
    return { done, said: lines.join('\n') };
  };
  await new MacKeyRing(parseMasterKeys(OLD), keys).load(clock.now(), deadline());
});
afterAll(() => database.close());

/** A tenant with a connector whose secret is sealed. */
async function tenant(slug: string): Promise<{ tenantId: TenantId; opens: (masterKeys: string) => Promise<string> }> {
  const [tenantId, row] = [asTenantId(randomUUID()), randomUUID()];
  const place = { tenantId, row, field: FIELD, version: 0 };
  await database.sql('INSERT INTO linkbroker.tenants (id, slug, name) VALUES ($1, $2, $2)', [tenantId, slug]);
  const sealed = await new Vault(parseMasterKeys(OLD), keys).seal(place, Buffer.from('upstream-secret'), deadline());
  await database.sql(
    `INSERT INTO linkbroker.connectors (id, tenant_id, slug, name, provider, issuer, client_id, client_secret, scopes)
     VALUES ($1, $2, 'home', 'Home', 'oidc', 'i', 'c', $3, '{}')`,
    [row, tenantId, sealed],
  );
  const opens = async (masterKeys: string): Promise<string> => {
    const [found] = await database.sql<{ client_secret: Buffer }>(
      'SELECT client_secret FROM linkbroker.connectors WHERE id = $1',
      [row],
    );
    const vault = new Vault(parseMasterKeys(masterKeys), keys);
    return (await vault.open(place, found!.client_secret, deadline())).toString();
  };
  return { tenantId, opens };
}

test('a whole rotation by its commands, and what each step says', async () => {
  const [acme, rival] = [await tenant('acme'), await tenant('rival')];
  const both = `${NEW},${OLD}`;
  expect((await run(both, 'status')).said).toContain('k1: still wraps 1 MAC key, 2 data keys');
  expect(await run(both, 'rewrap')).toEqual({
    done: true,
    said: '3 keys are now wrapped by "k2", 0 by another',
  });
  expect((await run(both, 'status')).said).toContain('k1: wraps nothing, can be taken out of MASTER_KEYS');
  await expect(run(OLD, 'status')).rejects.toThrow(MasterKeyMissing);
  expect(await acme.opens(NEW)).toBe('upstream-secret');

  expect((await run(NEW, 'new-data-key', '--tenant', 'acme')).said).toMatch(/^acme: data key \S+ is active/);
  const early = await run(NEW, 'remove-data-keys', '--all');
  expect(early.done).toBe(false);
  expect(early.said).toMatch(/^acme: data key \S+ kept, 1 values are sealed with it$/);
  expect(await run(NEW, 'reseal', '--all')).toEqual({
    done: true,
    said: 'acme: 1 values sealed anew, 0 left\nrival: 0 values sealed anew, 0 left',
  });
  expect((await run(NEW, 'remove-data-keys', '--all')).said).toMatch(/^acme: data key \S+ kept until /);
  clock.advance({ days: 7 });
  const late = await run(NEW, 'remove-data-keys', '--all');
  expect([late.done, late.said]).toEqual([true, expect.stringMatching(/^acme: data key \S+ removed$/)]);
  expect([await acme.opens(NEW), await rival.opens(NEW)]).toEqual(['upstream-secret', 'upstream-secret']);

  expect((await run(NEW, 'new-mac-key')).said).toMatch(/^MAC key 2 signs from /);
  await expect(run(NEW, 'remove-mac-key', '--key', '1')).rejects.toThrow(
    'signs, is going to, or has only just stopped',
  );
  expect((await run(NEW, 'status')).said).toMatch(/1: signs; .*\n {2}2: signs from /);
  clock.advance({ hours: 2 });
  expect((await run(NEW, 'status')).said).toMatch(/1: verifies; no live household .*\n {2}2: signs; /);
  expect((await run(NEW, 'remove-mac-key', '--key', '1')).said).toBe('MAC key 1 removed');
  await expect(run(NEW, 'remove-mac-key', '--key', '1')).rejects.toThrow('there is no MAC key 1');
});

test('a value that does not open is named, kept, and its data key with it', async () => {
  const { tenantId } = await tenant('torn');
  await run(`${NEW},${OLD}`, 'new-data-key', '--tenant', 'torn');
  await database.sql(
    `UPDATE linkbroker.connectors SET client_secret = set_byte(client_secret, 20, 255 - get_byte(client_secret, 20)) WHERE tenant_id = $1`,
    [tenantId],
  );
  clock.advance({ days: 8 });
  const resealed = await run(`${NEW},${OLD}`, 'reseal', '--tenant', 'torn');
  expect(resealed.done).toBe(false);
  expect(resealed.said).toContain('torn: 0 values sealed anew, 1 left\n  cannot open the sealed value at ');
  const removal = await run(`${NEW},${OLD}`, 'remove-data-keys', '--tenant', 'torn');
  expect([removal.done, removal.said]).toEqual([false, expect.stringContaining('kept, 1 values are sealed with it')]);
});

test.each([
  [[]],
  [['sing']],
  [['status', 'rewrap']],
  [['status', '--all']],
  [['reseal']],
  [['reseal', '--all', '--tenant', 'acme']],
  [['new-data-key', '--key', '1', '--all']],
  [['remove-mac-key']],
  [['remove-mac-key', '--key', 'x']],
  [['status', '--force']],
])('%j is not understood', async (argv) => {
  await expect(run(NEW, ...argv)).rejects.toThrow(KeysUsageError);
});

test('a tenant that is not there is refused by name', async () => {
  const attempt = run(`${NEW},${OLD}`, 'reseal', '--tenant', 'nobody');
  await expect(attempt).rejects.toThrow(RotationRefused);
  await expect(attempt).rejects.toThrow('"nobody"');
});

import { KeyRotationStore, KeysStore, SealedValuesStore } from '@linkbroker/persistence';
import { bytesToUuid } from '@linkbroker/protocol';
import { createLogger } from '@linkbroker/telemetry';
import { eventually, freePort, noteSecret, watchedLog } from '@linkbroker/testing';
import {
  addMacKey,
  DecryptionFailed,
  type MacKeyRing,
  MasterKeyMissing,
  parseMasterKeys,
  replaceDataKey,
  resealValues,
  rewrapKeys,
  Vault,
} from '@linkbroker/vault';
import { randomBytes } from 'node:crypto';
import { authorizeUrl, exchange, link, redeem, refresh } from '../test/alexa.js';
import { ALEXA, BACKEND, startTestBroker, type TestBroker } from '../test/test-broker.js';
import { createBroker, type Broker } from './index.js';

const HOUSEHOLDS = ['alice', 'bob', 'carol', 'dave'];

let first: TestBroker;
let load: Load | undefined;
const replicas: Broker[] = [];
beforeAll(async () => {
  first = await startTestBroker();
}, 60_000);
afterAll(async () => {
  // A test that failed in the middle has left it running, and the process would never end.
  await load?.stop();
  await Promise.all(replicas.map((replica) => replica.close()));
  await first.close();
});

/** Another broker on the same stores, with other master keys. */
async function replica(masterKeys: string): Promise<{ url: string; broker: Broker }> {
  const port = await freePort();
  const logger = createLogger({ app: 'broker', level: 'info', destination: watchedLog('broker') });
  const broker = await createBroker({ ...first.env, MASTER_KEYS: masterKeys }, logger, first.clock.now);
  replicas.push(broker);
  await broker.app.listen(port, '127.0.0.1');
  return { url: `http://localhost:${String(port)}`, broker };
}

interface Pair {
  access: string;
  refresh: string;
}

async function household(user: string): Promise<Pair> {
  const { code } = await link(first, authorizeUrl(first), user);
  const { body } = await redeem(first, ALEXA, code);
  return { access: String(body['access_token']), refresh: String(body['refresh_token']) };
}

/**
 * Households that refresh and skill servers that exchange, without a pause, at whichever broker serves. Whatever is not a
 * 200 is kept. Time moves between their turns, as it would be the test's fault that a token expired in the middle of one.
 */
class Load {
  readonly failures: unknown[] = [];
  answers = 0;
  private stopped = false;
  private gate: Promise<unknown> = Promise.resolve();
  private readonly underWay = new Set<Promise<unknown>>();
  private readonly turns: Map<Pair, number>;
  private readonly loops: Promise<void>[];

  constructor(
    private url: string,
    pairs: readonly Pair[],
  ) {
    this.turns = new Map(pairs.map((pair) => [pair, 0]));
    this.loops = pairs.map((pair) => this.loop(pair));
  }

  private turnsOf(pair: Pair): number {
    return this.turns.get(pair) ?? 0;
  }

  /** Runs something between turns. */
  async between<T>(work: () => T | Promise<T>): Promise<T> {
    const done = (async () => {
      await Promise.all(this.underWay);
      return work();
    })();
    this.gate = done;
    return done;
  }

  /** Sends everything that follows elsewhere; resolves when nothing is under way at the old place. */
  async moveTo(url: string): Promise<void> {
    const before = [...this.underWay];
    this.url = url;
    await Promise.all(before);
  }

  /** Until this many more answers have come, and each household has had two whole turns. */
  async more(count = 40): Promise<void> {
    const goal = this.answers + count;
    const turns = new Map(this.turns);
    const isDone = () => this.answers >= goal && [...turns].every(([pair, before]) => this.turnsOf(pair) > before + 1);
    await eventually(`${count} more answers`, () => isDone() || this.failures.length > 0);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.loops);
  }

  private async loop(pair: Pair): Promise<void> {
    while (!this.stopped) {
      for (let gate: unknown; gate !== this.gate;) await (gate = this.gate);
      const taking = this.takeTurn(pair, { ...first, url: this.url });
      this.underWay.add(taking);
      await taking;
      this.underWay.delete(taking);
    }
  }

  private async takeTurn(pair: Pair, at: TestBroker): Promise<void> {
    try {
      const refreshed = await refresh(at, ALEXA, pair.refresh);
      if (refreshed.status !== 200) throw new Error(`refresh: ${JSON.stringify(refreshed)}`);
      pair.refresh = String(refreshed.body['refresh_token']);
      pair.access = String(refreshed.body['access_token']);
      const exchanged = await exchange(at, BACKEND, pair.access);
      if (exchanged.status !== 200) throw new Error(`exchange: ${JSON.stringify(exchanged)}`);
      this.answers += 2;
      this.turns.set(pair, this.turnsOf(pair) + 1);
    } catch (error) {
      this.failures.push(error);
    }
  }
}

function startLoad(url: string, pairs: readonly Pair[]): Load {
  load = new Load(url, pairs);
  return load;
}

/** What the operator's command works with: the admin role, and all master keys. */
async function operator(masterKeys: string) {
  const { database, dataSource } = await first.database.open('admin');
  const [keys, rotation] = [new KeysStore(database), new KeyRotationStore(dataSource)];
  const rows = {
    macKeys: keys.macKeys.bind(keys),
    fingerprintKey: keys.fingerprintKey.bind(keys),
    dataKeys: keys.dataKeys.bind(keys),
    listDataKeys: rotation.listDataKeys.bind(rotation),
    rewrapMacKey: rotation.rewrapMacKey.bind(rotation),
    rewrapFingerprintKey: rotation.rewrapFingerprintKey.bind(rotation),
    rewrapDataKey: rotation.rewrapDataKey.bind(rotation),
    replaceDataKey: rotation.replaceDataKey.bind(rotation),
    addMacKey: rotation.addMacKey.bind(rotation),
  };
  const parsed = parseMasterKeys(masterKeys);
  const sealedValues = new SealedValuesStore(dataSource);
  return { parsed, keys, rotation, rows, sealedValues, vault: () => new Vault(parsed, keys) };
}

const told = (): undefined => undefined;
const tokenSets = () =>
  first.database.sql<{ id: string; tenant_id: string; version: number; sealed: Buffer }>(
    `SELECT id, tenant_id, version, sealed FROM linkbroker.upstream_token_sets WHERE sealed <> ''`,
  );
const macKeysOfGrants = async () =>
  (
    await first.database.sql<{ id: number }>(
      'SELECT DISTINCT mac_key_id AS id FROM linkbroker.grants WHERE revoked_at IS NULL ORDER BY 1',
    )
  ).map(({ id }) => id);

test('all keys are rotated under load without a failed request, and the old ones open nothing', async () => {
  const old = first.env.MASTER_KEYS;
  const next = `k2:${noteSecret('master key', randomBytes(32).toString('base64'))}`;
  const dormant = await household('erin');
  const pairs = await Promise.all(HOUSEHOLDS.map(household));
  const load = startLoad(first.url, pairs);
  const upstreamRefreshes = first.upstream.refreshes();
  await load.more();

  // Brokers that know the new master key, then brokers that wrap with it.
  const knowing = await replica(`${old},${next}`);
  await load.moveTo(knowing.url);
  const wrapping = await replica(`${next},${old}`);
  await load.moveTo(wrapping.url);
  await load.more();

  const { parsed, keys, rotation, rows, sealedValues, vault } = await operator(`${next},${old}`);
  expect(await rewrapKeys(parsed, rows, told)).toBeGreaterThanOrEqual(4);
  await load.more();

  // A new data key for each tenant. Brokers seal with it within a minute: here what they get from upstream.
  const retired = await rotation.listDataKeys();
  for (const { tenantId } of retired) await replaceDataKey(parsed, rows, tenantId, first.clock.now());
  await load.between(() => {
    first.clock.advance({ seconds: 3_700 });
  });
  await load.more();
  const keysInUse = async () => (await tokenSets()).map(({ sealed }) => bytesToUuid(sealed.subarray(1, 17))).sort();
  const before = new Set(retired.map(({ id }) => id));
  expect((await keysInUse()).filter((id) => before.has(id))).toHaveLength(1);
  // What is left is sealed anew while everything is refreshed once more.
  await load.between(() => {
    first.clock.advance({ seconds: 3_700 });
  });
  for (const { tenantId } of retired) await resealValues(vault(), sealedValues, tenantId, told);
  await load.more();
  for (const { tenantId } of retired) {
    expect((await resealValues(vault(), sealedValues, tenantId, told)).unreadable).toEqual([]);
  }
  expect((await keysInUse()).filter((id) => before.has(id))).toEqual([]);

  // A new MAC key, which the broker's minute timer loads.
  const added = await addMacKey(parsed, rows, first.clock.now());
  await (wrapping.broker.needs.keys as MacKeyRing).load(first.clock.now(), performance.now() + 5_000);
  await load.more();
  expect(await macKeysOfGrants()).toEqual([1]);
  await load.between(() => {
    first.clock.advance({ minutes: 6 });
  });
  await load.more();
  expect(await macKeysOfGrants()).toEqual([1, added.id]);

  // The retired data keys go after a week, the old master key at the next start.
  await load.between(() => {
    first.clock.advance({ days: 7 });
  });
  await load.more();
  for (const { tenantId, id } of retired) {
    const before = new Date(first.clock.now().getTime() - 7 * 86_400_000);
    expect(await sealedValues.removeDataKey(tenantId, id, before)).toBe(true);
  }
  const alone = await replica(next);
  await load.moveTo(alone.url);
  await load.more();
  await load.stop();
  expect(load.failures).toEqual([]);
  expect(load.answers).toBeGreaterThan(300);
  expect(first.upstream.refreshes()).toBeGreaterThan(upstreamRefreshes + HOUSEHOLDS.length);

  // A household that slept through all of it still holds a token of the old MAC key: it works, and keeps the key.
  expect(await rotation.removeMacKey(1, first.clock.now())).toBe(HOUSEHOLDS.length + 1);
  const woken = await refresh({ ...first, url: alone.url }, ALEXA, dormant.refresh);
  expect(woken.status).toBe(200);
  expect((await exchange({ ...first, url: alone.url }, BACKEND, String(woken.body['access_token']))).status).toBe(200);

  // Nothing can be read with the old key, and nobody starts with it.
  const logger = createLogger({ app: 'broker', level: 'info', destination: watchedLog('broker') });
  await expect(createBroker(first.env, logger, first.clock.now)).rejects.toThrow(MasterKeyMissing);
  const blind = new Vault(parseMasterKeys(old), keys);
  const sets = await tokenSets();
  expect(sets).toHaveLength(HOUSEHOLDS.length + 1);
  for (const { id, tenant_id: tenantId, version, sealed } of sets) {
    const place = { tenantId: tenantId as never, row: id, field: 'upstream_token_sets.sealed', version };
    await expect(blind.open(place, sealed, performance.now() + 5_000)).rejects.toThrow(DecryptionFailed);
    await expect(vault().open(place, sealed, performance.now() + 5_000)).resolves.toBeInstanceOf(Buffer);
  }
}, 120_000);

import { KeysStore } from '@linkbroker/persistence';
import { createScratchDatabase } from '@linkbroker/persistence/testing';
import { createLogger } from '@linkbroker/telemetry';
import { noteSecret, watchedLog } from '@linkbroker/testing';
import { MacKeyRing, MasterKeyMissing, parseMasterKeys } from '@linkbroker/vault';
import { randomBytes } from 'node:crypto';
import { createWorker, readWorkerEnvironment } from './index.js';

test('the worker does not start without a master key that something is wrapped by', async () => {
  const database = await createScratchDatabase();
  try {
    const masterKeys = parseMasterKeys(`k1:${noteSecret('master key', randomBytes(32).toString('base64'))}`);
    const ring = new MacKeyRing(masterKeys, new KeysStore((await database.open('broker')).database));
    await ring.load(new Date(), performance.now() + 10_000);
    const env = readWorkerEnvironment({
      DATABASE_URL: database.urls.worker,
      REDIS_URL: process.env['TEST_REDIS_URL'],
      MASTER_KEYS: `k2:${noteSecret('master key', randomBytes(32).toString('base64'))}`,
    });
    const start = createWorker(env, createLogger({ app: 'worker', level: 'info', destination: watchedLog('worker') }));
    await expect(start).rejects.toThrow(MasterKeyMissing);
    await expect(start).rejects.toThrow('MASTER_KEYS lacks the key "k1", which still wraps 1 MAC key');
  } finally {
    await database.close();
  }
});

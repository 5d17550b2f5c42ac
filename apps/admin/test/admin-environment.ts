import type { ScratchDatabase } from '@linkbroker/persistence/testing';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAdminEnvironment, type AdminEnvironment } from '../src/index.js';

/** What an admin app is started with, with a DATA_DIR of its own. */
export function adminEnvironment(
  database: ScratchDatabase,
  masterKeys: string,
  more: Readonly<Record<string, string>> = {},
): AdminEnvironment {
  return readAdminEnvironment({
    DATABASE_URL: database.urls.admin,
    REDIS_URL: process.env['TEST_REDIS_URL'],
    MASTER_KEYS: masterKeys,
    EGRESS_ALLOW: '127.0.0.0/8,[::1]/128',
    BROKER_URL: 'http://localhost:4000',
    DATA_DIR: mkdtempSync(join(tmpdir(), 'linkbroker-admin-')),
    ...more,
  });
}

import { createScratchDatabase, type ScratchDatabase } from '@linkbroker/persistence/testing';
import { createLogger } from '@linkbroker/telemetry';
import { noteSecret, watchedLog, type FixedClock } from '@linkbroker/testing';
import { randomBytes } from 'node:crypto';
import { createAdmin, type Admin } from '../src/index.js';
import { issueWelcomeLink } from '../src/sign-in/first-operator.js';
import { adminEnvironment } from './admin-environment.js';
import { ConsoleClient } from './console-client.js';

/** A running admin app of this spec's own, and people who come to it. */
export interface AdminWorld {
  readonly admin: () => Admin;
  readonly sql: ScratchDatabase['sql'];
  readonly browser: (address?: string) => ConsoleClient;
  /** The token of a fresh welcome link. */
  readonly welcomeToken: () => Promise<string>;
  /** An operator with an authenticator app, signed in; half a minute later, so that the next code is another one. */
  readonly operator: () => Promise<{ readonly client: ConsoleClient; readonly secret: string }>;
}

export const PASSWORD = noteSecret('password', 'correct horse battery staple');
/** Another one in each spec file: they share a Redis, and what it knows of wrong passwords. */
export const LOGIN = `ada-${randomBytes(4).toString('hex')}@example.com`;
export const ADA = { displayName: 'Ada', login: LOGIN, password: PASSWORD };

/** Starts it before the tests of a file and ends it after them. */
export function useAdmin(clock: FixedClock, environment: Readonly<Record<string, string>> = {}): AdminWorld {
  let database: ScratchDatabase;
  let running: Admin;
  beforeAll(async () => {
    database = await createScratchDatabase();
    const masterKeys = `k1:${noteSecret('master key', randomBytes(32).toString('base64'))}`;
    const logger = createLogger({ app: 'admin', level: 'info', destination: watchedLog('admin') });
    const env = { ...adminEnvironment(database, masterKeys), ...environment };
    running = await createAdmin(env, logger, '9.9.9', clock.now);
    await running.app.init();
    noteSecret('operator key', running.needs.operatorKey);
  });
  afterAll(async () => {
    await running.close();
    await database.close();
  });
  const admin = (): Admin => running;
  const browser = (address?: string): ConsoleClient => new ConsoleClient(admin, address);
  const welcomeToken = async (): Promise<string> =>
    noteSecret('welcome token', (await issueWelcomeLink(running.needs.signIn))?.split('#token=')[1] ?? '');
  const operator = async () => {
    const client = browser();
    await client.send('POST', '/welcome', { token: await welcomeToken(), ...ADA });
    const secret = await client.enrolTotp(clock.now());
    clock.advance({ seconds: 30 });
    return { client, secret };
  };
  return { admin, browser, welcomeToken, operator, sql: (text, values) => database.sql(text, values) };
}

import { asTenantId } from '@linkbroker/contracts';
import { ConfigurationStore, EventLogStore } from '@linkbroker/persistence';
import { createScratchDatabase, type ScratchDatabase } from '@linkbroker/persistence/testing';
import { randomUUID } from 'node:crypto';
import { EventsUsageError } from './events-arguments.js';
import { runEvents } from './events-command.js';

const NOW = new Date('2026-11-22T12:00:00Z');
let database: ScratchDatabase;
let run: (...argv: string[]) => Promise<{ done: boolean; said: string[] }>;
let webhook: string;
const [tenantId, skillId] = [asTenantId(randomUUID()), randomUUID()];

beforeAll(async () => {
  database = await createScratchDatabase();
  const { dataSource } = await database.open('admin');
  const configuration = new ConfigurationStore(dataSource);
  const log = new EventLogStore(dataSource);
  const resolveTenant = configuration.resolveTenant.bind(configuration);
  run = async (...argv) => {
    const said: string[] = [];
    const print = (line: string): void => void said.push(line);
    return { done: await runEvents({ resolveTenant, log, now: () => NOW, print }, argv), said };
  };
  await database.sql(`INSERT INTO linkbroker.tenants (id, slug, name) VALUES ($1, 'acme', 'Acme')`, [tenantId]);
  await database.sql(
    `INSERT INTO linkbroker.skills (id, tenant_id, slug, name, redirect_uris, grant_types, scopes, pkce, access_token_ttl)
     VALUES ($1, $2, 'lights', 'Lights', '{}', '{}', '{}', 'optional', 3600)`,
    [skillId, tenantId],
  );
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.sql('TRUNCATE linkbroker.webhooks, linkbroker.events CASCADE');
  webhook = randomUUID();
  await database.sql(
    `INSERT INTO linkbroker.webhooks (id, tenant_id, skill_id, url, events, secrets)
     VALUES ($1, $2, $3, 'https://hooks.example/a?token=t', '{connector.misconfigured}', 'sealed')`,
    [webhook, tenantId, skillId],
  );
});

async function record(): Promise<string> {
  await database.sql(`SELECT linkbroker.record_event($1, $2, NULL, NULL, 'connector.misconfigured', '{}', $3)`, [
    tenantId,
    skillId,
    NOW,
  ]);
  const [row] = await database.sql<{ event_id: string }>(
    'SELECT event_id FROM linkbroker.event_deliveries ORDER BY id DESC LIMIT 1',
  );
  return row!.event_id;
}
const endAll = (state: string) =>
  database.sql(
    `UPDATE linkbroker.event_deliveries SET state = $1, attempts = 80, ended_at = $2, next_attempt_at = NULL, last_error = 'HTTP 503'`,
    [state, NOW],
  );

test('lists what became of each event, without what an address may hide', async () => {
  const first = await record();
  await endAll('dead');
  const second = await record();
  const line = (id: string, rest: string) =>
    `2026-11-22T12:00:00.000Z ${id} connector.misconfigured skill lights → https://hooks.example/a ${rest}`;
  const dead = line(first, 'dead 2026-11-22T12:00:00.000Z (80 attempts): HTTP 503');
  const pending = line(second, 'pending, next 2026-11-22T12:00:00.000Z (0 attempts)');
  expect((await run('list', '--tenant', 'acme')).said).toEqual([pending, dead]);
  expect((await run('list', '--tenant', 'acme', '--limit', '1')).said).toEqual([pending]);
  expect((await run('list', '--tenant', 'acme', '--state', 'dead')).said).toEqual([dead]);
});

test('sends an event once more, or all that was given up', async () => {
  const event = await record();
  await record();
  expect(await run('replay', '--tenant', 'acme', '--dead')).toEqual({
    done: false,
    said: ['0 deliveries are due again'],
  });
  await endAll('dead');
  expect(await run('replay', '--tenant', 'acme', '--event', event)).toEqual({
    done: true,
    said: ['1 deliveries are due again'],
  });
  expect((await run('replay', '--tenant', 'acme', '--dead')).said).toEqual(['1 deliveries are due again']);
});

test.each([
  [[]],
  [['list']],
  [['sing', '--tenant', 'acme']],
  [['list', 'replay', '--tenant', 'acme']],
  [['list', '--tenant', 'acme', '--state', 'lost']],
  [['list', '--tenant', 'acme', '--limit', '0']],
  [['list', '--tenant', 'acme', '--dead']],
  [['replay', '--tenant', 'acme']],
  [['replay', '--tenant', 'acme', '--event', 'x']],
  [['replay', '--tenant', 'acme', '--dead', '--limit', '1']],
  [['replay', '--tenant', 'acme', '--dead', '--event', randomUUID()]],
  [['list', '--tenant', 'nobody']],
  [['list', '--tenant', 'acme', '--force']],
])('%j is not understood', async (argv) => {
  await expect(run(...argv)).rejects.toThrow(EventsUsageError);
});

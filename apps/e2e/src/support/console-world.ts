import { createAdmin, issueWelcomeLink, readAdminEnvironment, type Admin } from '@linkbroker/admin';
import type { RecordedEvent } from '@linkbroker/contracts';
import { TimelineWriter } from '@linkbroker/persistence';
import { createScratchDatabase, type ScratchDatabase } from '@linkbroker/persistence/testing';
import { createLogger } from '@linkbroker/telemetry';
import { freePort, noteSecret, noteSecretsIn, watchedLog } from '@linkbroker/testing';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { liveThroughADay } from './busy-day.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
export const REFERENCE = 'K7QX-3M2P';
const FAILED = 'B4ND-9T0R';

/** The admin app with its console on a port of its own, and a tenant to whom things have happened. */
export class ConsoleWorld {
  private constructor(
    readonly url: string,
    private readonly admin: Admin,
    private readonly database: ScratchDatabase,
  ) {}

  /** @param environment beside the usual one */
  static async start(environment: Readonly<Record<string, string>> = {}): Promise<ConsoleWorld> {
    const database = await createScratchDatabase();
    const port = await freePort();
    const env = readAdminEnvironment({
      DATABASE_URL: database.urls.admin,
      REDIS_URL: process.env['TEST_REDIS_URL'],
      MASTER_KEYS: `k1:${noteSecret('master key', randomBytes(32).toString('base64'))}`,
      BROKER_URL: 'https://link.example.com',
      ADMIN_PORT: String(port),
      DATA_DIR: mkdtempSync(join(tmpdir(), 'linkbroker-console-')),
      ...environment,
    });
    const logger = createLogger({ app: 'admin', level: 'info', destination: watchedLog('admin') });
    const admin = await createAdmin(env, logger, '9.9.9');
    noteSecret('operator key', admin.needs.operatorKey);
    await admin.app.listen(port, '127.0.0.1');
    return new ConsoleWorld(env.adminUrl, admin, database);
  }

  async close(): Promise<void> {
    await this.admin.close();
    await this.database.close();
  }

  async welcomeLink(): Promise<string> {
    const link = (await issueWelcomeLink(this.admin.needs.signIn)) ?? '';
    noteSecret('welcome token', link.split('#token=')[1] ?? '');
    return link;
  }

  /** As whoever holds the operator key. */
  async ask(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    if (body) noteSecretsIn(body);
    const headers = { authorization: `Bearer ${this.admin.needs.operatorKey}`, 'content-type': 'application/json' };
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${String(response.status)} ${text}`);
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  }

  /** A skill and three links in different states for a tenant: the ids of the one with a story, and of one that is well. */
  async furnish(slug: string): Promise<{ readonly link: string; readonly spare: string }> {
    await this.ask('PUT', `/tenants/${slug}/connectors/home`, CONNECTOR);
    await this.ask('PUT', `/tenants/${slug}/skills/lights`, { ...SKILL, clientId: `alexa-${slug}` });
    const link = await this.link(slug, 'at_risk', 'invalid_grant');
    const spare = await this.link(slug, 'active');
    await this.link(slug, 'dead', 'invalid_grant');
    await this.record(slug, link);
    await liveThroughADay(this.database, await this.idsOf(slug), [link, spare]);
    return { link, spare };
  }

  /** As if a proof of the host had been found. */
  async proveHost(slug: string, host: string): Promise<void> {
    await this.database.sql(
      `INSERT INTO linkbroker.doctor_hosts (tenant_id, host, token, added_by, added_at, checked_at, proven_at, proven_by)
       SELECT id, $2, 'a-token', 'Ada Lovelace', now(), now(), now(), 'dns' FROM linkbroker.tenants WHERE slug = $1`,
      [slug, host],
    );
  }

  /** As the worker does with a line that cannot be proved. */
  async refuseImportedLine(slug: string, line: number, reason: string): Promise<void> {
    await this.database.sql(
      `SELECT linkbroker.refuse_imported_link(t.id, l.id, $3, now())
       FROM linkbroker.tenants t JOIN linkbroker.imported_links l ON l.tenant_id = t.id WHERE t.slug = $1 AND l.line = $2`,
      [slug, line, reason],
    );
  }

  private async idsOf(slug: string): Promise<{ tenant: string; skill: string; connector: string }> {
    const [row] = await this.database.sql<{ tenant: string; skill: string; connector: string }>(
      `SELECT t.id AS tenant, k.id AS skill, n.id AS connector FROM linkbroker.tenants t
         JOIN linkbroker.skills k ON k.tenant_id = t.id JOIN linkbroker.connectors n ON n.tenant_id = t.id WHERE t.slug = $1`,
      [slug],
    );
    if (!row) throw new Error(`no tenant ${slug} with a skill`);
    return row;
  }

  private async link(slug: string, state: string, lastError: string | null = null): Promise<string> {
    const [set, link] = [randomUUID(), randomUUID()];
    const { tenant, skill, connector } = await this.idsOf(slug);
    const { sql } = this.database;
    await sql(
      `INSERT INTO linkbroker.upstream_token_sets (id, tenant_id, connector_id, subject, scopes, has_refresh_token, version, fence, sealed, updated_at, state, refresh_due_at, last_error, failures)
       VALUES ($1, $2, $3, $7, '{}', true, 1, 0, '', now(), $4, now() + interval '1 hour', $5, $6)`,
      [set, tenant, connector, state, lastError, lastError === null ? 0 : 4, set],
    );
    await sql(
      `INSERT INTO linkbroker.links (id, tenant_id, skill_id, connector_id, subject, token_set_id) VALUES ($1, $2, $3, $4, $5, $6)`,
      [link, tenant, skill, connector, set, set],
    );
    await sql(
      `INSERT INTO linkbroker.grants (id, tenant_id, skill_id, link_id, created_at, code_expires_at, code_consumed_at, code_hash, redirect_uri, scopes)
       VALUES ($1, $2, $3, $4, now(), now(), now(), $5, 'https://layla.amazon.com/api/skill/link/M1', '{lights}')`,
      [randomUUID(), tenant, skill, link, randomBytes(32)],
    );
    return link;
  }

  /** What happened: a link three days ago, its renewals, trouble at the provider; and an attempt that came to nothing. */
  private async record(slug: string, linkId: string): Promise<void> {
    const { tenant: tenantId, skill: skillId } = await this.idsOf(slug);
    const began = threeDaysAgo();
    const told: (Omit<RecordedEvent, 'tenantId' | 'at'> & { readonly after: number })[] = [
      ...linked(linkId),
      ...[1, 2, 3, 4, 5].map((hour) => ({
        after: hour * 60 * MINUTE_MS,
        name: 'token.answered' as const,
        linkId,
        outcome: 'rotated',
        status: 200,
        ms: 9 + hour,
      })),
      {
        after: 2.9 * DAY_MS,
        name: 'upstream.refresh_failed',
        linkId,
        connector: 'home',
        status: 400,
        ms: 212,
        detail: 'invalid_grant',
      },
      { after: 2.95 * DAY_MS, name: 'upstream.at_risk', linkId, connector: 'home', detail: 'invalid_grant' },
      { after: 2.96 * DAY_MS, name: 'authorize.started', reference: FAILED, figures: { stateLength: 1_108 } },
      { after: 2.96 * DAY_MS + 900, name: 'page.shown', reference: FAILED, data: { platform: 'iOS' } },
      { after: 2.96 * DAY_MS + 6_000, name: 'upstream.redirected', reference: FAILED, connector: 'home' },
      {
        after: 2.96 * DAY_MS + 9_000,
        name: 'upstream.failed',
        reference: FAILED,
        connector: 'home',
        outcome: 'misconfigured',
        detail: 'the provider refused: invalid_client',
      },
    ];
    const batch = told.map(({ after, ...event }) => ({
      ...event,
      tenantId,
      skillId,
      at: new Date(began + after).toISOString().replace('Z', '001Z'),
    }));
    const writer = new TimelineWriter(this.database.urls.broker);
    await writer.write(JSON.stringify(batch), performance.now() + 10_000);
    await writer.close();
  }
}

/** Not so late in the evening that five hours on it is another day: a story is told day by day. */
function threeDaysAgo(): number {
  const began = new Date(Date.now() - 3 * DAY_MS);
  if (began.getHours() >= 18) began.setHours(began.getHours() - 6);
  return began.getTime();
}

const linked = (linkId: string) =>
  [
    {
      after: 0,
      name: 'authorize.started',
      figures: { stateLength: 1_108 },
      data: { platform: 'Android', redirectUri: 'https://layla.amazon.com/api/skill/link/M3KVOEXUO4ALBL' },
    },
    { after: 1_180, name: 'page.shown', ms: 4, data: { platform: 'Android' } },
    { after: 7_400, name: 'upstream.redirected', connector: 'home' },
    { after: 21_900, name: 'upstream.exchanged', connector: 'home', status: 200, ms: 143 },
    { after: 22_010, name: 'upstream.identified', connector: 'home', linkId },
    { after: 22_060, name: 'code.issued', linkId, figures: { redirectLength: 1_322 } },
    { after: 22_700, name: 'token.answered', linkId, outcome: 'issued', status: 200, ms: 11 },
  ].map((event) => ({ ...event, reference: REFERENCE })) as (Omit<RecordedEvent, 'tenantId' | 'at'> & {
    readonly after: number;
  })[];

const CONNECTOR = {
  name: 'Acme Home',
  provider: 'oidc',
  issuer: 'https://id.example.com',
  clientId: 'broker',
  clientSecret: 'upstream-secret-of-a-test',
};
const SKILL = {
  name: 'Lights',
  vendorId: 'M3KVOEXUO4ALBL',
  scopes: ['lights'],
  connectors: ['home'],
  backend: { clientId: 'acme-backend' },
};

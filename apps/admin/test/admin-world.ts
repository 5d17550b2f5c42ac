import { createScratchDatabase, type ScratchDatabase } from '@linkbroker/persistence/testing';
import { createLogger } from '@linkbroker/telemetry';
import { noteSecret, noteSecretsIn, watchedLog, watchOutput } from '@linkbroker/testing';
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { createAdmin, type Admin } from '../src/index.js';
import { adminEnvironment } from './admin-environment.js';

export interface ApiAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
}

/** An admin app over a database of its own, asked in process. */
export interface AdminWorld {
  readonly admin: Admin;
  readonly database: ScratchDatabase;
  /** As the operator, unless another bearer token is given; `null` sends none. */
  readonly ask: (
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    options?: { body?: unknown; bearer?: string | null; headers?: Record<string, string>; from?: string },
  ) => Promise<ApiAnswer>;
  /** A tenant with a connector and a skill; its slug. */
  readonly tenant: () => Promise<string>;
  /** A link of a tenant that Alexa holds; its id. */
  readonly link: (tenant: string, state?: string) => Promise<string>;
  readonly close: () => Promise<void>;
}

/** Nobody else's: who has not signed in is counted by address, in the Redis that all specs share. */
export const newAddress = (): string => `10.${String(randomInt(256))}.${String(randomInt(256))}.7`;

/** @param environment beside the usual one */
export async function startAdminWorld(environment: Readonly<Record<string, string>> = {}): Promise<AdminWorld> {
  const database = await createScratchDatabase();
  const masterKeys = `k1:${noteSecret('master key', randomBytes(32).toString('base64'))}`;
  const logger = createLogger({ app: 'admin', level: 'info', destination: watchedLog('admin') });
  const admin = await createAdmin(adminEnvironment(database, masterKeys, environment), logger, '9.9.9');
  await admin.app.init();
  await admin.app.getHttpAdapter().getInstance().ready();
  noteSecret('operator key', admin.needs.operatorKey);

  const address = newAddress();
  const ask: AdminWorld['ask'] = async (method, path, { body, bearer, headers = {}, from = address } = {}) => {
    if (body !== undefined) noteSecretsIn(body);
    const key = bearer === undefined ? admin.needs.operatorKey : bearer;
    const answer = await admin.app.inject({
      method,
      url: `/api/v1${path}`,
      remoteAddress: from,
      headers: { ...(key !== null && { authorization: `Bearer ${key}` }), ...headers },
      ...(body !== undefined && { payload: body as object }),
    });
    return {
      status: answer.statusCode,
      body:
        answer.body !== '' && /json/.test(String(answer.headers['content-type']))
          ? answer.json<Record<string, unknown>>()
          : {},
      headers: answer.headers,
    };
  };
  let count = 0;
  const tenant = async (): Promise<string> => {
    const slug = `tenant-${String((count += 1))}`;
    const made = await ask('POST', '/tenants', { body: { slug, name: `Tenant ${String(count)}` } });
    const connector = await ask('PUT', `/tenants/${slug}/connectors/home`, { body: CONNECTOR });
    const skill = await ask('PUT', `/tenants/${slug}/skills/lights`, { body: skillBody(`alexa-${slug}`) });
    if (made.status + connector.status + skill.status !== 601)
      throw new Error(JSON.stringify([made.body, connector.body, skill.body]));
    return slug;
  };
  const link = async (slug: string, state = 'active'): Promise<string> => {
    const [tokenSetId, linkId, grantId] = [randomUUID(), randomUUID(), randomUUID()];
    const [row] = await database.sql<{ tenant: string; skill: string; connector: string }>(
      `SELECT t.id AS tenant, k.id AS skill, n.id AS connector FROM linkbroker.tenants t
         JOIN linkbroker.skills k ON k.tenant_id = t.id JOIN linkbroker.connectors n ON n.tenant_id = t.id WHERE t.slug = $1`,
      [slug],
    );
    const { tenant: tenantId, skill, connector } = row!;
    await database.sql(
      `INSERT INTO linkbroker.upstream_token_sets (id, tenant_id, connector_id, subject, scopes, has_refresh_token, version, fence, sealed, updated_at, state, refresh_due_at)
       VALUES ($1, $2, $3, $5, '{}', true, 1, 0, '', now(), $4, now() + interval '1 hour')`,
      [tokenSetId, tenantId, connector, state, tokenSetId],
    );
    await database.sql(
      `INSERT INTO linkbroker.links (id, tenant_id, skill_id, connector_id, subject, token_set_id) VALUES ($1, $2, $3, $4, $5, $6)`,
      [linkId, tenantId, skill, connector, tokenSetId, tokenSetId],
    );
    await database.sql(
      `INSERT INTO linkbroker.grants (id, tenant_id, skill_id, link_id, created_at, code_expires_at, code_consumed_at, code_hash, redirect_uri, scopes)
       VALUES ($1, $2, $3, $4, now(), now(), now(), $5, 'https://layla.amazon.com/api/skill/link/M1', '{}')`,
      [grantId, tenantId, skill, linkId, randomBytes(32)],
    );
    return linkId;
  };
  const close = async (): Promise<void> => {
    await admin.close();
    await database.close();
  };
  return { admin, database, ask, tenant, link, close };
}

export const CONNECTOR = {
  name: 'Home',
  provider: 'oidc',
  issuer: 'https://id.example.com',
  clientId: 'broker',
  clientSecret: 'upstream-secret-of-a-test',
};

export const skillBody = (clientId: string) => ({
  name: 'Lights',
  clientId,
  vendorId: 'M3KVOEXUO4ALBL',
  scopes: ['lights'],
  connectors: ['home'],
  backend: { clientId: `${clientId}-backend` },
});

/** Keeps what the API says among what is searched for secrets. */
export const watchAnswer = (answer: ApiAnswer): ApiAnswer => {
  watchOutput('what the API answers', `${JSON.stringify(answer.body)}\n`);
  return answer;
};

import { parseJson } from '@linkbroker/protocol';
import { asTenantId, type Deadline, type TenantId } from '@linkbroker/contracts';
import { z } from 'zod';
import type { Ambient } from './needs.js';
import type { RefreshedAnswer } from './store-refreshed-tokens.js';

/** The second durable places: a directory on a persistent volume, and a Redis stream. */
export interface UnstoredPlaces {
  readonly spool: {
    keep(name: string, text: string): Promise<void>;
    list(limit: number): Promise<readonly { readonly name: string; readonly text: string }[]>;
    remove(name: string): Promise<void>;
  };
  readonly stream: {
    keep(text: string): Promise<void>;
    list(limit: number): Promise<readonly { readonly id: string; readonly text: string }[]>;
    remove(id: string): Promise<void>;
  };
}

export interface RecoverAnswersNeeds extends Ambient {
  readonly unstored: UnstoredPlaces;
  readonly dueTokenSets: {
    recover(
      tenantId: TenantId,
      tokens: Omit<RefreshedAnswer, 'fence'>,
      now: Date,
      deadline: Deadline,
    ): Promise<boolean>;
  };
}

const moment = z.iso
  .datetime()
  .nullable()
  .transform((text) => (text === null ? null : new Date(text)));
const entry = z.object({
  tenantId: z.uuid(),
  setId: z.uuid(),
  attemptId: z.uuid(),
  version: z.int(),
  scopes: z.array(z.string()),
  hasRefreshToken: z.boolean(),
  accessExpiresAt: moment,
  refreshExpiresAt: moment,
  activeDueAt: moment,
  dormantDueAt: moment,
  sealed: z.base64().transform((text) => Buffer.from(text, 'base64')),
});

const STATEMENT_MS = 5_000;
const BATCH = 500;

/**
 * Keeps a sealed answer that the database would not take, on the disk and in Redis; one of them is enough.
 * @returns the best place it went to
 */
export async function keepUnstored(
  { spool, stream }: UnstoredPlaces,
  tenantId: TenantId,
  answer: RefreshedAnswer,
): Promise<'spool' | 'stream' | 'nowhere'> {
  const text = JSON.stringify({ ...answer, tenantId, sealed: answer.sealed.toString('base64') });
  const [onDisk, inRedis] = await Promise.allSettled([spool.keep(answer.attemptId, text), stream.keep(text)]);
  if (onDisk.status === 'fulfilled') return 'spool';
  return inRedis.status === 'fulfilled' ? 'stream' : 'nowhere';
}

/**
 * Replays what waits in the second durable places. An answer leaves its place only after the database has it or has
 * something newer; anything that goes wrong leaves it where it is.
 * @returns how many were stored now
 */
export async function recoverAnswers(needs: RecoverAnswersNeeds): Promise<number> {
  const { spool, stream } = needs.unstored;
  let recovered = 0;
  for (const { name, text } of await spool.list(BATCH)) {
    const stored = await replay(needs, text);
    if (stored !== 'unreadable') await spool.remove(name);
    recovered += stored === 'stored' ? 1 : 0;
  }
  const entries = await stream.list(BATCH).catch(() => []);
  for (const { id, text } of entries) {
    const stored = await replay(needs, text);
    if (stored !== 'unreadable') await stream.remove(id);
    recovered += stored === 'stored' ? 1 : 0;
  }
  return recovered;
}

async function replay(needs: RecoverAnswersNeeds, text: string): Promise<'stored' | 'superseded' | 'unreadable'> {
  const parsed = entry.safeParse(parseJson(text));
  if (!parsed.success) {
    needs.trace({ name: 'incident.token_not_stored', detail: 'an entry of the second durable place cannot be read' });
    return 'unreadable';
  }
  const { tenantId, ...answer } = parsed.data;
  const tenant = asTenantId(tenantId);
  const stored = await needs.dueTokenSets.recover(tenant, answer, needs.now(), performance.now() + STATEMENT_MS);
  if (stored) needs.trace({ name: 'upstream.recovered', tenantId: tenant, tokenSetId: answer.setId });
  return stored ? 'stored' : 'superseded';
}

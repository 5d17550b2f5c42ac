import type { SessionStage, TenantId } from '@linkbroker/contracts';
import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { EphemeralUnavailable } from './redis.js';

/** Milliseconds without a request after which a session ends, and after which it ends in any case. */
export const SESSION_IDLE_MS = 30 * 60_000;
export const SESSION_MOST_MS = 12 * 3_600_000;
/** A use is noted at most this often. */
const NOTED_EVERY_MS = 60_000;

/** Somebody who signed in to the admin app, or is about to. */
export interface AdminSession {
  /** The hash of its secret: names the session, and opens nothing. */
  readonly id: string;
  readonly accountId: string;
  readonly stage: Exclude<SessionStage, 'signed-out'>;
  /** What the sign-in began with. */
  readonly method: 'password' | 'passkey' | 'provider';
  readonly csrf: string;
  readonly secondFactorAt: Date | null;
  /** The one tenant that it is good for, where a tenant's own provider vouched for the person. */
  readonly only: TenantId | null;
  /** A short name of browser and system. */
  readonly agent: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
}

export type NewAdminSession = Omit<AdminSession, 'id' | 'lastSeenAt'>;

const keyOf = (id: string): string => `linkbroker:admin-session:{${id}}`;
const indexOf = (accountId: string): string => `linkbroker:admin-sessions-of:{${accountId}}`;
const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

/** A session that ended meanwhile is not brought back. */
const TOUCH = `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'seen', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1`;

/**
 * Sessions of the admin app, by the hash of a secret that only the browser has.
 * @throws EphemeralUnavailable when Redis cannot be asked: never an ended session
 */
export class AdminSessionsStore {
  constructor(private readonly redis: Redis) {}

  /** Keeps a session under its browser's secret. */
  async begin(secret: string, session: NewAdminSession, seenAt: Date): Promise<AdminSession> {
    const id = hashOf(secret);
    const { accountId } = session;
    await this.ask(async () => {
      // First into the list: there is no session that cannot be ended from another one.
      await this.redis.multi().sadd(indexOf(accountId), id).pexpire(indexOf(accountId), SESSION_MOST_MS).exec();
      const fields = { data: JSON.stringify(session), seen: String(seenAt.getTime()) };
      await this.redis.multi().hset(keyOf(id), fields).pexpire(keyOf(id), SESSION_IDLE_MS).exec();
    });
    return { ...session, id, lastSeenAt: seenAt };
  }

  /** The session of a secret, while it lasts; notes that it is used. */
  async find(secret: string, now: Date): Promise<AdminSession | undefined> {
    const session = await this.read(hashOf(secret), now);
    if (!session || now.getTime() - session.lastSeenAt.getTime() < NOTED_EVERY_MS) return session;
    const left = session.createdAt.getTime() + SESSION_MOST_MS - now.getTime();
    const expires = Math.min(SESSION_IDLE_MS, left);
    const noted = await this.ask(() => this.redis.eval(TOUCH, 1, keyOf(session.id), now.getTime(), expires));
    return noted === 1 ? { ...session, lastSeenAt: now } : undefined;
  }

  /** An account's sessions that are open, the newest first. */
  async list(accountId: string, now: Date): Promise<AdminSession[]> {
    const ids = await this.ask(() => this.redis.smembers(indexOf(accountId)));
    const found = await Promise.all(ids.map((id) => this.read(id, now)));
    const gone = ids.filter((_, index) => !found[index]);
    if (gone.length > 0) await this.ask(() => this.redis.srem(indexOf(accountId), ...gone));
    return found
      .filter((session): session is AdminSession => session?.stage === 'signed-in')
      .sort((one, other) => other.createdAt.getTime() - one.createdAt.getTime());
  }

  /** Ends a session of this account; false where it has none of this id. */
  async end(accountId: string, id: string): Promise<boolean> {
    return this.ask(async () => {
      if ((await this.redis.sismember(indexOf(accountId), id)) === 0) return false;
      await this.redis.del(keyOf(id));
      await this.redis.srem(indexOf(accountId), id);
      return true;
    });
  }

  /** Ends all sessions of an account but one. */
  async endOthers(accountId: string, but: string | null): Promise<void> {
    const ids = await this.ask(() => this.redis.smembers(indexOf(accountId)));
    for (const id of ids) if (id !== but) await this.end(accountId, id);
  }

  private async read(id: string, now: Date): Promise<AdminSession | undefined> {
    const { data, seen } = (await this.ask(() => this.redis.hgetall(keyOf(id)))) as Partial<Record<string, string>>;
    if (data === undefined || seen === undefined) return undefined;
    const session = toSession(id, data, seen);
    const idle = now.getTime() - session.lastSeenAt.getTime() >= SESSION_IDLE_MS;
    const over = now.getTime() - session.createdAt.getTime() >= SESSION_MOST_MS;
    if (!idle && !over) return session;
    await this.end(session.accountId, id);
    return undefined;
  }

  private async ask<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw new EphemeralUnavailable(cause);
    }
  }
}

type Stored = Omit<NewAdminSession, 'secondFactorAt' | 'createdAt'> & {
  readonly secondFactorAt: string | null;
  readonly createdAt: string;
};

function toSession(id: string, data: string, seen: string): AdminSession {
  const stored = JSON.parse(data) as Stored;
  const secondFactorAt = stored.secondFactorAt === null ? null : new Date(stored.secondFactorAt);
  return { ...stored, id, secondFactorAt, createdAt: new Date(stored.createdAt), lastSeenAt: new Date(Number(seen)) };
}

import { Redis } from 'ioredis';

/** Milliseconds before a command is given up; a frozen Redis keeps the connection open and never answers. */
const COMMAND_TIMEOUT_MS = 2_000;

/** Redis could not be asked: a failure to look, never a verdict. */
export class EphemeralUnavailable extends Error {
  constructor(cause: unknown) {
    super('Redis unavailable', { cause });
    this.name = 'EphemeralUnavailable';
  }
}

/**
 * Connects for request work: commands fail at once while Redis is away instead of queueing up behind it, and the
 * connection comes back by itself.
 * @throws EphemeralUnavailable when the first connection cannot be made
 */
export async function connectRedis(url: string): Promise<Redis> {
  let connected = false;
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: COMMAND_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    // A process that cannot reach Redis at its start says so and ends; one that lost it later tries on.
    retryStrategy: (attempt) => (connected ? Math.min(100 * attempt, 1_000) : null),
  });
  // Without a listener a lost connection would end the process; readiness reports it instead.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    connected = true;
  } catch (cause) {
    redis.disconnect();
    throw new EphemeralUnavailable(cause);
  }
  return redis;
}

/** Whether Redis answers. */
export async function pingRedis(redis: Redis): Promise<boolean> {
  try {
    await redis.ping();
    return true;
  } catch {
    return false;
  }
}

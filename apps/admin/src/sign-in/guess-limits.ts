import type { AttemptLimit } from '@linkbroker/ephemeral';
import { createHash } from 'node:crypto';
import { tooMany } from '../http/problem.js';
import { addressPrefix } from './address-prefix.js';
import type { SignInNeeds } from './sign-in-needs.js';

const WINDOW_MS = 15 * 60_000;
/** Wrong guesses in a quarter of an hour: at one person's password or code, and from one network. */
const AT_SOMEBODY: AttemptLimit = { most: 10, windowMs: WINDOW_MS };
const FROM_NETWORK: AttemptLimit = { most: 100, windowMs: WINDOW_MS };

/** What is being guessed, and where from. */
export interface Guess {
  /** `login:…`, `totp:…`; null where what is guessed has more than 128 random bits. */
  readonly at: string | null;
  readonly address: string;
}

/**
 * Lets a guess be checked if there were not too many wrong ones; one that was right, or that could not be checked, does
 * not count. Sessions that are open stay so. The answer to one guess too many does not say whether anybody has that login.
 * @throws ApiProblem 429 with the seconds to wait
 */
export async function limitGuesses<T>(
  { attempts, now }: Pick<SignInNeeds, 'attempts' | 'now'>,
  { at, address }: Guess,
  check: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const places = [
    { name: `network:${addressPrefix(address) ?? 'unknown'}`, limit: FROM_NETWORK },
    ...(at === null ? [] : [{ name: createHash('sha256').update(at).digest('base64url'), limit: AT_SOMEBODY }]),
  ];
  const taken: { name: string; id: string }[] = [];
  const giveBack = async (): Promise<void> => {
    for (const { name, id } of taken) await attempts.giveBack(name, id);
  };
  for (const { name, limit } of places) {
    const attempt = await attempts.take(name, limit, now());
    if ('waitMs' in attempt) {
      await giveBack();
      throw tooMany('There were too many wrong attempts. Wait before the next one.', Math.ceil(attempt.waitMs / 1_000));
    }
    taken.push({ name, id: attempt.id });
  }
  try {
    const right = await check();
    if (right !== undefined) await giveBack();
    return right;
  } catch (error) {
    // Nobody looked, or what was guessed was right and something else was not.
    await giveBack();
    throw error;
  }
}

import { readPath } from './dotted-path.js';
import type { TokenPaths } from './upstream-provider.js';

const LONGEST_SECONDS = 4_000_000_000;
/** Above it a number of milliseconds since 1970 begins: in seconds it would be the year 5138. */
const SMALLEST_MILLISECONDS = 100_000_000_000;

/**
 * Whole seconds that a token lives by an answer: a lifetime, or a moment where `now` is known. Numbers, numbers as text
 * and fractions are read; what makes no sense (nothing, zero, the past, words) is as good as none: undefined.
 */
export function readLifetime(
  answer: unknown,
  paths: TokenPaths,
  unit: 'seconds' | 'milliseconds',
  now: Date | undefined,
): number | undefined {
  const lifetime = readNumber(readPath(answer, paths.expiresIn ?? 'expires_in'));
  if (lifetime !== undefined) return inBounds(unit === 'milliseconds' ? lifetime / 1_000 : lifetime);
  if (now === undefined) return undefined;
  const moment = readMoment(readPath(answer, paths.expiresAt ?? 'expires_at'));
  return moment === undefined ? undefined : inBounds((moment - now.getTime()) / 1_000);
}

/** Milliseconds since 1970. */
function readMoment(value: unknown): number | undefined {
  const number = readNumber(value);
  if (number !== undefined) return number >= SMALLEST_MILLISECONDS ? number : number * 1_000;
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}T/.test(value)) return undefined;
  const moment = Date.parse(value);
  return Number.isNaN(moment) ? undefined : moment;
}

function readNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d{1,16}(\.\d{1,9})?$/.test(value.trim()) ? Number(value) : undefined;
}

function inBounds(seconds: number): number | undefined {
  const whole = Math.floor(seconds);
  return whole >= 1 && whole <= LONGEST_SECONDS ? whole : undefined;
}

/** What came of sending an event once. */
export interface SentEvent {
  /** Null when there was no answer. */
  readonly status: number | null;
  /** `Retry-After` as it came. */
  readonly retryAfter?: string | undefined;
  /** Why there was no answer; holds neither the request nor the answer. */
  readonly error?: string | undefined;
}

export interface DeliveryVerdict {
  readonly state: 'delivered' | 'dead' | 'pending';
  /** Why it is not delivered. */
  readonly error: string | null;
  /** When it is tried again; null when it has ended. */
  readonly next: Date | null;
  /** The receiver says that it is gone for good. */
  readonly gone: boolean;
  /** Whether the receiver is unwell: no answer, 5xx, or too much for it. */
  readonly sick: boolean;
}

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** How much later than its pause an attempt may be, so that not all come back at once. */
const JITTER = 0.25;
/** With pauses that double to an hour and are spread: about three days. */
const MAX_ATTEMPTS = 80;
const GONE = 410;
const TOO_MANY = 429;
const MAX_ERROR = 200;

/**
 * Decides what an attempt amounts to: 2xx is delivered, 410 ends the webhook, everything else is tried again after a pause
 * that doubles from five seconds to an hour, or as long as the receiver asks for up to that hour.
 * @param attempt its number, from 1
 * @param random from 0 to 1
 */
export function judgeDelivery(sent: SentEvent, attempt: number, now: Date, random: number): DeliveryVerdict {
  const { status } = sent;
  if (status !== null && status >= 200 && status < 300)
    return { state: 'delivered', error: null, next: null, gone: false, sick: false };
  const sick = status === null || status >= 500 || status === TOO_MANY;
  const error = reasonOf(sent).slice(0, MAX_ERROR);
  const gone = status === GONE;
  if (gone || attempt >= MAX_ATTEMPTS) return { state: 'dead', error, next: null, gone, sick };
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempt - 1, 20));
  const wait = Math.max(pause * (1 + JITTER * random), askedFor(sent));
  return { state: 'pending', error, next: new Date(now.getTime() + wait), gone: false, sick };
}

function reasonOf({ status, error }: SentEvent): string {
  if (status === null) return error ?? 'no answer';
  const redirect = status >= 300 && status < 400 ? '; redirects are not followed' : '';
  return `HTTP ${String(status)}${redirect}`;
}

function askedFor({ retryAfter = '' }: SentEvent): number {
  return /^\d{1,9}$/.test(retryAfter) ? Math.min(Number(retryAfter) * 1_000, LONGEST_PAUSE_MS) : 0;
}

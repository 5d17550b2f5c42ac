import type { Language } from '../texts/languages.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const number = (value: number, language: Language, digits = 0): string =>
  new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);

/** How long something took, in the largest units that matter: `12 ms`, `3.4 s`, `2 min 5 s`, `3 h 10 min`, `4 d`. */
export function formatDuration(ms: number, language: Language): string {
  if (ms < SECOND) return `${number(ms, language)} ms`;
  if (ms < 10 * SECOND) return `${number(ms / SECOND, language, 1)} s`;
  if (ms < MINUTE) return `${number(ms / SECOND, language)} s`;
  if (ms < HOUR) return pair(ms, MINUTE, 'min', SECOND, 's');
  if (ms < DAY) return pair(ms, HOUR, 'h', MINUTE, 'min');
  return `${number(ms / DAY, language)} ${language === 'de' ? 'T' : 'd'}`;
}

function pair(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % large) / small);
  return `${String(Math.floor(ms / large))} ${largeName}${rest > 0 ? ` ${String(rest)} ${smallName}` : ''}`;
}

const STEPS: readonly (readonly [number, Intl.RelativeTimeFormatUnit, number])[] = [
  [MINUTE, 'second', SECOND],
  [HOUR, 'minute', MINUTE],
  [DAY, 'hour', HOUR],
  [30 * DAY, 'day', DAY],
  [365 * DAY, 'month', 30 * DAY],
];
const YEARS = [Number.POSITIVE_INFINITY, 'year', 365 * DAY] as const;

/** How far a time is from now: `5 minutes ago`, `in 3 days`. */
export function formatDistance(at: string, now: number, language: Language): string {
  const off = Date.parse(at) - now;
  const [, unit, size] = STEPS.find(([below]) => Math.abs(off) < below) ?? YEARS;
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(Math.round(off / size), unit);
}

/** A time as people write it, to the second. */
export const formatMoment = (at: string, language: Language): string =>
  new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(at));

/** A day in words. @param day `2026-01-31` */
export const formatDay = (day: string, language: Language): string =>
  new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'full', timeZone: 'UTC' }).format(
    new Date(`${day}T12:00:00Z`),
  );

/** An hour of a day, short. */
export const formatHour = (at: string, language: Language): string =>
  new Intl.DateTimeFormat(localeOf(language), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    new Date(at),
  );

/** A time of day, to the millisecond: steps of one attempt are close together. */
export const formatTime = (at: string, language: Language): string =>
  new Intl.DateTimeFormat(localeOf(language), {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  }).format(new Date(at));

/** English without a country would be the American order of dates. */
const localeOf = (language: Language): string => (language === 'en' ? 'en-GB' : language);

/** The day of a time in a time zone, `2026-01-31`; the viewer's own without one. */
export function dayIn(at: string, timeZone?: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', { dateStyle: 'short', ...(timeZone !== undefined && { timeZone }) });
  return parts.format(new Date(at));
}

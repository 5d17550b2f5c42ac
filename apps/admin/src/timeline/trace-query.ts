import { badRequest } from '../http/problem.js';

/** What `/traces` may be asked for. */
export interface TraceQuery {
  readonly ref?: string;
  readonly tenant?: string;
  readonly skill?: string;
  readonly state?: string;
  readonly name?: string;
  readonly outcome?: string;
  /** Stands for ten minutes before and after it. */
  readonly at?: Date;
  readonly from?: Date;
  /** As given: it may name a microsecond. */
  readonly before?: string;
  readonly limit: number;
}

const TEXTS = ['ref', 'tenant', 'skill', 'state', 'name', 'outcome'] as const;
const MOMENTS = ['at', 'from'] as const;
const LONGEST = { state: 2_048, other: 200 };
const DEFAULT_LIMIT = 200;
const MOST = 1_000;

/** Reads a query. @throws ApiProblem naming the parameter */
export function readTraceQuery(query: Readonly<Record<string, unknown>>): TraceQuery {
  const unknown = Object.keys(query).find((key) => ![...TEXTS, ...MOMENTS, 'before', 'limit'].includes(key as never));
  if (unknown !== undefined) throw badRequest(`unknown parameter ${unknown.slice(0, 60)}`);
  const texts = TEXTS.map((name) => [name, readText(name, query[name])] as const).map(([name, text]) => {
    return [name, name === 'ref' && text !== undefined ? readReference(text) : text] as const;
  });
  const moments = MOMENTS.map((name) => [name, readMoment(name, query[name])] as const);
  const before = readMoment('before', query['before']) && query['before'];
  const given = [...texts, ...moments, ['before', before] as const].filter(([, value]) => value !== undefined);
  const asked = { ...(Object.fromEntries(given) as Omit<TraceQuery, 'limit'>), limit: readLimit(query['limit']) };
  if (asked.ref === undefined && asked.tenant === undefined) throw badRequest('give ref, or tenant (its slug)');
  return asked;
}

/** How many entries are wanted. @throws ApiProblem */
export function readLimit(value: unknown): number {
  if (value === undefined) return DEFAULT_LIMIT;
  const limit = typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : 0;
  if (limit < 1 || limit > MOST) throw badRequest(`limit must be between 1 and ${String(MOST)}`);
  return limit;
}

function readText(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const longest = name === 'state' ? LONGEST.state : LONGEST.other;
  if (typeof value === 'string' && value !== '' && value.length <= longest && !value.includes('\0')) return value;
  throw badRequest(`${name} must be a text of at most ${String(longest)} characters`);
}

/** A reference as somebody read it out: without its hyphen, in small letters, with letters for the digits they look like. */
function readReference(text: string): string {
  const letters = text
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  return letters.length === 8 ? `${letters.slice(0, 4)}-${letters.slice(4)}` : text;
}

function readMoment(name: string, value: unknown): Date | undefined {
  if (value === undefined) return undefined;
  const moment =
    typeof value === 'string' && /^\d{4}-\d\d-\d\d(?:T[\d:.]{5,20}(?:Z|[+-]\d\d:\d\d)?)?$/.test(value)
      ? new Date(value)
      : undefined;
  if (moment && !Number.isNaN(moment.getTime())) return moment;
  throw badRequest(`${name} must be a time like 2026-01-31T12:00:00Z`);
}

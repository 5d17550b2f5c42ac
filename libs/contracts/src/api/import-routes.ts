import { z } from 'zod';
import { MOST_IMPORTED_LINES } from '../imported-line.js';
import type { ApiRoute } from './api-route.js';
import { pageOf, pageQuery } from './cursor-page.js';

const moment = z.iso.datetime();
const slug = z.string().min(1).max(63);

const importAnswer = z.object({
  id: z.uuid(),
  skill: z.string(),
  connector: z.string(),
  /** Until when refresh tokens of the server before are taken. */
  keepUntil: moment,
  createdAt: moment,
  createdBy: z.string(),
  startedAt: moment.nullable(),
  cancelledAt: moment.nullable(),
  lines: z.object({
    /** Not proved yet. */
    pending: z.int(),
    /** Of the pending ones, those that something is in the way of. */
    held: z.int(),
    adopted: z.int(),
    refused: z.int(),
    /** Adopted ones whose refresh token Alexa has brought here. */
    used: z.int(),
  }),
});
export type ImportAnswer = z.input<typeof importAnswer>;

const troubledLine = z.object({ id: z.uuid(), line: z.int(), subject: z.string(), reason: z.string() });
export type TroubledLineAnswer = z.input<typeof troubledLine>;

export const LIST_IMPORTS = {
  method: 'GET',
  path: '/tenants/{tenant}/imports',
  summary: 'Imports of links from another server, the newest first',
  access: { tenant: 'links.read' },
  query: z.object(pageQuery),
  answer: pageOf(importAnswer),
} as const satisfies ApiRoute;

export const CREATE_IMPORT = {
  method: 'POST',
  path: '/tenants/{tenant}/imports',
  summary: 'Begins an import: lines are added to it, and nothing is asked of the provider before it is started',
  access: { tenant: 'imports.write' },
  body: z.strictObject({
    skill: slug,
    /** One that the skill offers. */
    connector: slug,
    /** Until when refresh tokens of the server before are taken: Alexa has brought them by then, or never will. */
    keepUntil: z.iso.datetime({ offset: true }),
  }),
  answer: importAnswer,
  status: 201,
} as const satisfies ApiRoute;

export const GET_IMPORT = {
  method: 'GET',
  path: '/tenants/{tenant}/imports/{import}',
  summary: 'An import with what became of its lines so far',
  access: { tenant: 'links.read' },
  answer: importAnswer,
} as const satisfies ApiRoute;

export const ADD_IMPORTED_LINES = {
  method: 'POST',
  path: '/tenants/{tenant}/imports/{import}/lines',
  summary: 'Adds lines; those that are wrong are told and cost no other. A dry run checks and writes nothing',
  access: { tenant: 'imports.write' },
  body: z.strictObject({
    dryRun: z.boolean().default(false),
    /** The number of the first line in its file. */
    firstLine: z.int().min(1).max(1_000_000_000).default(1),
    /** Each as the import format has it; one by one, so that a wrong one costs no other. */
    lines: z.array(z.unknown()).min(1).max(MOST_IMPORTED_LINES),
  }),
  answer: z.object({
    staged: z.int(),
    /** Whose tokens are there already. */
    known: z.int(),
    refused: z.array(z.object({ line: z.int(), reason: z.string() })),
  }),
} as const satisfies ApiRoute;

export const START_IMPORT = {
  method: 'POST',
  path: '/tenants/{tenant}/imports/{import}/start',
  summary: 'Has the worker renew the sign-ins of an import and prove its lines',
  access: { tenant: 'imports.write' },
  answer: importAnswer,
  status: 202,
} as const satisfies ApiRoute;

export const CANCEL_IMPORT = {
  method: 'POST',
  path: '/tenants/{tenant}/imports/{import}/cancel',
  summary: 'Gives up what has not been proved; what was adopted stays',
  access: { tenant: 'imports.write' },
  answer: z.object({ cancelledLines: z.int() }),
} as const satisfies ApiRoute;

export const LIST_TROUBLED_LINES = {
  method: 'GET',
  path: '/tenants/{tenant}/imports/{import}/lines',
  summary: 'Lines that were refused, or that something is in the way of, with why',
  access: { tenant: 'links.read' },
  query: z.object({
    ...pageQuery,
    /** `pending` for those that are tried again. */
    state: z.enum(['refused', 'pending']).default('refused'),
  }),
  answer: pageOf(troubledLine),
} as const satisfies ApiRoute;

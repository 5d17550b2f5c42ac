import { z } from 'zod';
import type { ApiRoute } from './api-route.js';

const moment = z.iso.datetime();
const text = (max: number) => z.string().min(1).max(max);

/** One exact name: no scheme, port, path, wildcard or address. */
const host = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(
    /^(?=.*[a-z])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/,
    'must be the name of a host, without https:// and path',
  );

const provenHost = z.object({
  host: z.string(),
  addedBy: z.string(),
  addedAt: moment,
  /** When somebody last looked. */
  checkedAt: moment.nullable(),
  provenAt: moment.nullable(),
  provenBy: z.enum(['dns', 'well-known']).nullable(),
  /** Until when the proof counts. */
  expiresAt: moment.nullable(),
  /** A TXT record that proves it. */
  dns: z.object({ name: z.string(), value: z.string() }),
  /** Or an address at which this text is served. */
  wellKnown: z.object({ url: z.url(), body: z.string() }),
});

const webAddress = z.url({ protocol: /^https?$/, error: 'must be an http(s) address' }).max(2_048);
const step = z.union([
  z.strictObject({ fill: text(500), value: z.string().max(1_000) }),
  z.strictObject({ click: text(500) }),
  z.strictObject({ waitFor: text(500) }),
]);
const printable = z.string().regex(/^[ -~]{0,4000}$/, 'must be printable ASCII');

/** What Amazon's console would know, and how to sign in: no program and no file. */
const doctorTarget = z.strictObject({
  authorizeUrl: webAddress,
  tokenUrl: webAddress,
  clientId: text(1_000),
  clientSecret: text(1_000),
  scheme: z.enum(['HTTP_BASIC', 'REQUEST_BODY_CREDENTIALS']),
  redirectUri: webAddress,
  scope: z.string().max(2_000).default(''),
  domains: z.array(text(300)).max(20).default([]),
  skill: text(300).optional(),
  /** Another client of the same server, to see whether it can redeem this one's codes. */
  otherClient: z.strictObject({ clientId: text(1_000), clientSecret: text(1_000) }).optional(),
  acceptGrant: z
    .strictObject({
      url: webAddress,
      headers: z.record(z.string().regex(/^[\w-]{1,100}$/), printable).optional(),
      code: text(4_096).optional(),
    })
    .optional(),
  login: z.array(step).min(1).max(50),
});
export type DoctorTarget = z.output<typeof doctorTarget>;
export type DoctorStep = z.output<typeof step>;

const summary = z.object({
  pass: z.int(),
  fail: z.int(),
  warn: z.int(),
  notTested: z.int(),
  notApplicable: z.int(),
});
const finding = z.object({
  rule: z.string().max(20),
  level: z.enum(['MUST', 'SHOULD', 'FACT']),
  status: z.enum(['pass', 'fail', 'warn', 'not-tested', 'not-applicable']),
  title: z.string().max(500),
  evidence: z.string().max(10_000),
  remedy: z.string().max(2_000),
  link: z.url().max(500).nullable(),
});
const reportedTarget = z.object({
  authorizeUrl: z.string().max(2_048),
  tokenUrl: z.string().max(2_048).optional(),
  clientId: z.string().max(1_000),
  scheme: z.string().max(50).optional(),
  redirectUri: z.string().max(2_048).optional(),
  scope: z.string().max(2_000).optional(),
  skill: z.string().max(300).optional(),
});

/** What the doctor found: what `npm run doctor -- --format json` prints. */
export const doctorReport = z.object({
  target: reportedTarget,
  startedAt: z.string().max(40),
  summary,
  findings: z.array(finding).max(200),
});
export type DoctorFinding = z.output<typeof finding>;

const run = z.object({
  id: z.uuid(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  target: reportedTarget.extend({
    domains: z.array(z.string()),
    /** Of the domains, those that are not proven: pages get nothing from them. */
    unreached: z.array(z.string()),
  }),
  startedBy: z.string(),
  startedAt: moment,
  endedAt: moment.nullable(),
  /** Lines, the newest last. */
  progress: z.array(z.string()),
  /** Why it failed, or why nobody could be signed in. */
  reason: z.string().nullable(),
  summary: summary.nullable(),
});

export const LIST_DOCTOR_HOSTS = {
  method: 'GET',
  path: '/tenants/{tenant}/doctor/hosts',
  summary: 'Hosts that the doctor may look at, and what proves that they are the tenant’s',
  access: { tenant: 'doctor.read' },
  answer: z.object({ items: z.array(provenHost) }),
} as const satisfies ApiRoute;

export const ADD_DOCTOR_HOST = {
  method: 'POST',
  path: '/tenants/{tenant}/doctor/hosts',
  summary: 'Adds a host, to be proven then',
  access: { tenant: 'doctor.run' },
  body: z.strictObject({ host }),
  answer: provenHost,
  status: 201,
} as const satisfies ApiRoute;

export const VERIFY_DOCTOR_HOST = {
  method: 'POST',
  path: '/tenants/{tenant}/doctor/hosts/{host}/verify',
  summary: 'Looks for the TXT record and the well-known text now',
  access: { tenant: 'doctor.run' },
  answer: z.object({
    host: provenHost,
    /** What was seen where no proof was found. */
    seen: z.array(z.string()),
  }),
} as const satisfies ApiRoute;

export const REMOVE_DOCTOR_HOST = {
  method: 'DELETE',
  path: '/tenants/{tenant}/doctor/hosts/{host}',
  summary: 'Removes a host; the doctor looks at it no more',
  access: { tenant: 'doctor.run' },
} as const satisfies ApiRoute;

export const LIST_DOCTOR_RUNS = {
  method: 'GET',
  path: '/tenants/{tenant}/doctor/runs',
  summary: 'The newest runs of the doctor, and what the quotas leave',
  access: { tenant: 'doctor.read' },
  answer: z.object({
    items: z.array(run),
    quota: z.object({
      /** Begun in the last 24 hours, and how many may be. */
      today: z.int(),
      aDay: z.int(),
      /** Zero where this installation has the doctor switched off. */
      atOnce: z.int(),
      minutes: z.int(),
      /** Whether there is a browser to sign in with. */
      browser: z.boolean(),
    }),
  }),
} as const satisfies ApiRoute;

export const START_DOCTOR_RUN = {
  method: 'POST',
  path: '/tenants/{tenant}/doctor/runs',
  summary: 'Has the doctor look at an authorization server, on hosts that are proven. Secrets are not stored',
  access: { tenant: 'doctor.run' },
  body: z.strictObject({
    target: doctorTarget,
    /** Only these rules, e.g. `R12`. */
    only: z
      .array(z.string().regex(/^R\d{1,4}$/))
      .min(1)
      .max(100)
      .optional(),
  }),
  answer: run,
  status: 202,
} as const satisfies ApiRoute;

export const GET_DOCTOR_RUN = {
  method: 'GET',
  path: '/tenants/{tenant}/doctor/runs/{run}',
  summary: 'A run, how far it is, and what it found',
  access: { tenant: 'doctor.read' },
  answer: run.extend({ report: doctorReport.nullable() }),
} as const satisfies ApiRoute;

export const CANCEL_DOCTOR_RUN = {
  method: 'POST',
  path: '/tenants/{tenant}/doctor/runs/{run}/cancel',
  summary: 'Ends a run at once',
  access: { tenant: 'doctor.run' },
} as const satisfies ApiRoute;

export const GET_DOCTOR_PAGE = {
  method: 'GET',
  path: '/tenants/{tenant}/doctor/runs/{run}/report',
  summary: 'The report as one HTML page that loads nothing and runs nothing, to keep',
  access: { tenant: 'doctor.read' },
  contentType: 'text/html; charset=utf-8',
} as const satisfies ApiRoute;

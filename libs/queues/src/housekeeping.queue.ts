import { z } from 'zod';

/** The queue of cheap, repeated clean-up. */
export const HOUSEKEEPING_QUEUE = 'linkbroker-housekeeping';

/** A housekeeping job says only which chore it is. */
export const housekeepingJob = z.strictObject({
  chore: z.enum([
    'expire-pending-grants',
    'end-expired-grants',
    'retire-client-secrets',
    'expire-handed-out-tokens',
    'forget-refresh-attempts',
    'sweep-sign-ins',
    'revoke-upstream',
    'refresh-due-tokens',
    'end-lost-attempts',
    'recover-answers',
    'deliver-events',
    'prune-events',
    'keep-timeline',
    'forget-relayed-tokens',
    'refresh-event-grants',
    'send-queued-events',
    'forget-alexa-events',
    'forget-skill-events',
    'prove-imported-links',
    'forget-foreign-tokens',
    'destroy-closed-tenants',
  ]),
});
export type HousekeepingJob = z.infer<typeof housekeepingJob>;

/** How often each chore runs, in milliseconds. */
export const HOUSEKEEPING_SCHEDULE: Readonly<Record<HousekeepingJob['chore'], number>> = {
  'expire-pending-grants': 60_000,
  'end-expired-grants': 60_000,
  'retire-client-secrets': 6 * 60 * 60_000,
  'expire-handed-out-tokens': 10 * 60_000,
  'forget-refresh-attempts': 10 * 60_000,
  'sweep-sign-ins': 24 * 60 * 60_000,
  'revoke-upstream': 10_000,
  'refresh-due-tokens': 5_000,
  'end-lost-attempts': 10_000,
  'recover-answers': 10_000,
  'deliver-events': 2_000,
  'prune-events': 60 * 60_000,
  'forget-relayed-tokens': 10 * 60_000,
  'refresh-event-grants': 10_000,
  'send-queued-events': 2_000,
  'forget-alexa-events': 60 * 60_000,
  'forget-skill-events': 60 * 60_000,
  'keep-timeline': 60 * 60_000,
  'prove-imported-links': 3_000,
  'forget-foreign-tokens': 60 * 60_000,
  'destroy-closed-tenants': 10 * 60_000,
};

/** Kept short: the next run is the retry, and finished jobs say nothing worth keeping. */
export const HOUSEKEEPING_JOB_OPTIONS = { attempts: 1, removeOnComplete: true, removeOnFail: 100 } as const;

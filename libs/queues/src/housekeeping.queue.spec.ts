import { HOUSEKEEPING_JOB_OPTIONS, HOUSEKEEPING_SCHEDULE, housekeepingJob } from './housekeeping.queue.js';

describe('a housekeeping job', () => {
  it.each(['expire-pending-grants', 'retire-client-secrets'])('may be %s, on a schedule', (chore) => {
    expect(housekeepingJob.parse({ chore })).toEqual({ chore });
    expect(HOUSEKEEPING_SCHEDULE[housekeepingJob.parse({ chore }).chore]).toBeGreaterThanOrEqual(60_000);
  });

  it.each([
    [{}],
    [{ chore: 'drop-everything' }],
    [{ chore: 'expire-pending-grants', tenant: 'acme' }],
    ['expire-pending-grants'],
    [null],
    [{ chore: ['expire-pending-grants'] }],
  ])('may not be %j', (payload) => {
    expect(housekeepingJob.safeParse(payload).success).toBe(false);
  });

  it('has no schedule nobody reads', () => {
    const chores = Object.keys(HOUSEKEEPING_SCHEDULE);
    expect(chores.every((chore) => housekeepingJob.safeParse({ chore }).success)).toBe(true);
  });

  it('is tried once and leaves little behind', () => {
    expect(HOUSEKEEPING_JOB_OPTIONS).toMatchObject({ attempts: 1, removeOnComplete: true, removeOnFail: 100 });
  });
});

import {
  deliverEvents,
  destroyClosedTenants,
  endExpiredGrants,
  endLostAttempts,
  expireHandedOutTokens,
  expirePendingGrants,
  forgetAlexaEvents,
  forgetForeignTokens,
  forgetRefreshAttempts,
  keepTimeline,
  forgetRelayedTokens,
  forgetSkillEvents,
  proveImportedLinks,
  pruneEvents,
  recoverAnswers,
  refreshDueTokens,
  refreshEventGrants,
  retireClientSecrets,
  revokeUpstream,
  sendQueuedEvents,
  sweepSignIns,
} from '@linkbroker/linking';
import {
  HOUSEKEEPING_JOB_OPTIONS,
  HOUSEKEEPING_QUEUE,
  HOUSEKEEPING_SCHEDULE,
  housekeepingJob,
  type HousekeepingJob,
} from '@linkbroker/queues';
import { InjectQueue, OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Job, Queue } from 'bullmq';
import { WORKER_NEEDS, type WorkerNeeds } from './worker-needs.js';

const CHORES: Readonly<Record<HousekeepingJob['chore'], (needs: WorkerNeeds) => Promise<number>>> = {
  'expire-pending-grants': expirePendingGrants,
  'end-expired-grants': endExpiredGrants,
  'retire-client-secrets': retireClientSecrets,
  'expire-handed-out-tokens': expireHandedOutTokens,
  'forget-refresh-attempts': forgetRefreshAttempts,
  'sweep-sign-ins': sweepSignIns,
  'revoke-upstream': revokeUpstream,
  'refresh-due-tokens': refreshDueTokens,
  'end-lost-attempts': endAttemptsWithoutAnAnswer,
  'recover-answers': recoverAnswers,
  'deliver-events': deliverEvents,
  'prune-events': pruneEvents,
  'keep-timeline': keepTimeline,
  'forget-relayed-tokens': forgetRelayedTokens,
  'refresh-event-grants': refreshEventGrants,
  'send-queued-events': sendQueuedEvents,
  'forget-alexa-events': forgetAlexaEvents,
  'forget-skill-events': forgetSkillEvents,
  'prove-imported-links': proveImportedLinks,
  'forget-foreign-tokens': forgetForeignTokens,
  'destroy-closed-tenants': destroyClosedTenants,
};

/** An attempt whose answer waits in a second place is not lost: its token must not be presented again. */
async function endAttemptsWithoutAnAnswer(needs: WorkerNeeds): Promise<number> {
  await recoverAnswers(needs);
  return endLostAttempts(needs);
}

/** Whether a chore's next turn is no further away than two of them. */
const isNear = (next: number, everyMs: number): boolean => Math.abs(next - Date.now()) <= 2 * everyMs + REWRITE_MS;

/** How often it is looked whether Redis still has the schedule. */
const REWRITE_MS = 15_000;
/**
 * A chore whose worker died is another's after 15 s at most; at the queue's defaults nobody would do it for a minute. That
 * two may do it then does no harm, and it never counts as failed.
 */
const TAKEN_OVER = { lockDuration: 10_000, stalledInterval: 5_000, maxStalledCount: 1_000 };
/** A long run of one chore must not hold up the others. */
const CHORES_AT_ONCE = 4;

/** Parses a housekeeping job and calls its flow. Its schedule is written again at every start. */
@Processor(HOUSEKEEPING_QUEUE, { concurrency: CHORES_AT_ONCE, ...TAKEN_OVER })
export class HousekeepingProcessor extends WorkerHost implements OnApplicationBootstrap, OnApplicationShutdown {
  private rewriting: NodeJS.Timeout | undefined;
  private readonly running = new Set<HousekeepingJob['chore']>();

  constructor(
    @Inject(WORKER_NEEDS) private readonly needs: WorkerNeeds,
    @InjectQueue(HOUSEKEEPING_QUEUE) private readonly queue: Queue,
  ) {
    super();
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.writeSchedule(true);
    this.rewriting = setInterval(() => {
      this.writeSchedule(false).catch((error: unknown) => {
        this.needs.logger.debug({ err: error }, 'schedule not looked at');
      });
    }, REWRITE_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.rewriting);
  }

  /**
   * A schedule lives in Redis and is gone when Redis is flushed; one that is there is left to its own time, unless that is
   * far from now: a worker whose clock was wrong has put it off for everybody.
   */
  private async writeSchedule(anew: boolean): Promise<void> {
    for (const [chore, every] of Object.entries(HOUSEKEEPING_SCHEDULE)) {
      const next = (await this.queue.getJobScheduler(chore))?.next;
      // Writing it again alone would leave the next turn where it is.
      if (next !== undefined && !isNear(next, every)) await this.queue.removeJobScheduler(chore);
      else if (!anew && next !== undefined) continue;
      const template = { name: chore, data: { chore }, opts: HOUSEKEEPING_JOB_OPTIONS };
      await this.queue.upsertJobScheduler(chore, { every }, template);
    }
  }

  /**
   * A schedule does not wait for the last run: a chore that takes longer than its turns come would soon take every place.
   * A turn that comes while the chore runs here is left out.
   */
  async process(job: Job): Promise<number> {
    const { chore } = housekeepingJob.parse(job.data);
    if (this.running.has(chore)) return 0;
    this.running.add(chore);
    try {
      const done = await CHORES[chore](this.needs);
      this.needs.logger[done > 0 ? 'info' : 'debug']({ chore, done }, 'chore done');
      return done;
    } finally {
      this.running.delete(chore);
    }
  }

  @OnWorkerEvent('failed')
  onFailed(job: Job | undefined, error: Error): void {
    this.needs.logger.warn({ job: job?.name, err: error }, 'chore failed; its next turn is the retry');
  }

  /** Redis being away is readiness's to report; the connection comes back by itself. */
  @OnWorkerEvent('error')
  onError(error: Error): void {
    this.needs.logger.debug({ err: error }, 'queue connection');
  }
}

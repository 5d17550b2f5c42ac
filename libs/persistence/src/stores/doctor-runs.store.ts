import type { TenantId } from '@linkbroker/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { appendAudit, type AuditEntry } from './audit-log.store.js';
import { asTenant, changesRows } from './tenant-transaction.js';

export type DoctorRunState = 'running' | 'done' | 'failed' | 'cancelled';

/** One run of the doctor, without its report. */
export interface DoctorRun {
  readonly id: string;
  /** What was looked at, without a secret. */
  readonly target: Readonly<Record<string, unknown>>;
  readonly state: DoctorRunState;
  readonly startedBy: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly progress: readonly string[];
  /** Why it failed, or why nobody could be signed in. */
  readonly reason: string | null;
  /** How many findings have which status; null before the end. */
  readonly summary: Readonly<Record<string, number>> | null;
}

export interface DoctorReport extends DoctorRun {
  readonly report: unknown;
  /** PNG of the first page. */
  readonly screenshot: Buffer | null;
}

type ReportRow = Omit<DoctorReport, 'screenshot'> & { readonly screenshot: string | null };

/** How a run ended. */
export interface DoctorRunEnd {
  readonly state: 'done' | 'failed';
  readonly reason: string | null;
  readonly report: unknown;
  readonly screenshot: Buffer | null;
  readonly at: Date;
}

/** A run that somebody wants. */
export interface WantedDoctorRun {
  readonly id: string;
  readonly target: Readonly<Record<string, unknown>>;
  readonly startedBy: string;
  readonly deadlineAt: Date;
}

export interface DoctorQuotas {
  /** Of all tenants together. */
  readonly atOnce: number;
  /** Of one tenant, within 24 hours. */
  readonly aDay: number;
}

/** What stands in the way of a run, or nothing. */
export type DoctorRunVerdict = 'begun' | 'tenant-busy' | 'tenant-day' | 'installation-busy';

const DAY_MS = 86_400_000;
/** Runs of a tenant that are kept. */
const KEPT = 50;
const COLUMNS = `id, target, state, started_by AS "startedBy", started_at AS "startedAt", ended_at AS "endedAt", progress, reason,
  report -> 'summary' AS summary`;

/** Runs of the doctor for tenants, and what they found. */
export class DoctorRunsStore {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Begins a run where the quotas allow it: one of a tenant at a time. Runs whose process is gone are ended first, the
   * oldest of those that have ended are forgotten.
   */
  begin(
    tenantId: TenantId,
    { id, target, startedBy, deadlineAt }: WantedDoctorRun,
    quotas: DoctorQuotas,
    entry: AuditEntry,
  ): Promise<DoctorRunVerdict> {
    const now = entry.at;
    return asTenant(this.dataSource, tenantId, async (manager) => {
      const [counted] = await manager.query<{ running: number }[]>(
        'SELECT linkbroker.count_doctor_runs($1) AS running',
        [now],
      );
      await endLost(manager, tenantId, now);
      const own = await countOwn(manager, tenantId, now);
      if (own.running > 0) return 'tenant-busy';
      if (own.today >= quotas.aDay) return 'tenant-day';
      if ((counted?.running ?? 0) >= quotas.atOnce) return 'installation-busy';
      await manager.query(
        `INSERT INTO linkbroker.doctor_runs (id, tenant_id, target, state, started_by, started_at, deadline_at)
         VALUES ($1, $2, $3, 'running', $4, $5, $6)`,
        [id, tenantId, JSON.stringify(target), startedBy, now, deadlineAt],
      );
      await manager.query(FORGET, [tenantId, KEPT, new Date(now.getTime() - DAY_MS)]);
      await appendAudit(manager, tenantId, entry);
      return 'begun';
    });
  }

  /** The newest first, and how many were begun in the last 24 hours. */
  list(tenantId: TenantId, now: Date): Promise<{ runs: DoctorRun[]; today: number }> {
    return asTenant(this.dataSource, tenantId, async (manager) => {
      await endLost(manager, tenantId, now);
      const runs = await manager.query<DoctorRun[]>(
        `SELECT ${COLUMNS} FROM linkbroker.doctor_runs WHERE tenant_id = $1 ORDER BY started_at DESC, id LIMIT $2`,
        [tenantId, KEPT],
      );
      return { runs, today: (await countOwn(manager, tenantId, now)).today };
    });
  }

  /** One run with its report. */
  find(tenantId: TenantId, id: string, now: Date): Promise<DoctorReport | undefined> {
    return asTenant(this.dataSource, tenantId, async (manager) => {
      await endLost(manager, tenantId, now);
      const [row] = await manager.query<ReportRow[]>(
        `SELECT ${COLUMNS}, report, screenshot FROM linkbroker.doctor_runs WHERE tenant_id = $1 AND id = $2`,
        [tenantId, id],
      );
      return row && { ...row, screenshot: row.screenshot === null ? null : Buffer.from(row.screenshot, 'base64') };
    });
  }

  /** Notes how far it is. False where it is no longer wanted. */
  note(tenantId: TenantId, id: string, progress: readonly string[]): Promise<boolean> {
    return this.change(tenantId, "progress = $3 WHERE tenant_id = $1 AND id = $2 AND state = 'running'", [
      id,
      [...progress],
    ]);
  }

  /** False where it was ended before. */
  end(tenantId: TenantId, id: string, { state, reason, report, screenshot, at }: DoctorRunEnd): Promise<boolean> {
    const set = `state = $3, reason = $4, report = $5, screenshot = $6, ended_at = $7
      WHERE tenant_id = $1 AND id = $2 AND state = 'running'`;
    return this.change(tenantId, set, [
      id,
      state,
      reason,
      report && JSON.stringify(report),
      screenshot?.toString('base64') ?? null,
      at,
    ]);
  }

  /** False where it does not run. */
  cancel(tenantId: TenantId, id: string, entry: AuditEntry): Promise<boolean> {
    return asTenant(this.dataSource, tenantId, async (manager) => {
      const text = `UPDATE linkbroker.doctor_runs SET state = 'cancelled', ended_at = $3
        WHERE tenant_id = $1 AND id = $2 AND state = 'running' RETURNING id`;
      const cancelled = await changesRows(manager, text, [tenantId, id, entry.at]);
      if (cancelled) await appendAudit(manager, tenantId, entry);
      return cancelled;
    });
  }

  private change(tenantId: TenantId, set: string, values: readonly unknown[]): Promise<boolean> {
    return asTenant(this.dataSource, tenantId, (manager) =>
      changesRows(manager, `UPDATE linkbroker.doctor_runs SET ${set} RETURNING id`, [tenantId, ...values]),
    );
  }
}

/** The process that carried it out is gone. */
const LOST = 'It ended without a word: the admin app was stopped, or had to be.';

async function endLost(manager: EntityManager, tenantId: TenantId, now: Date): Promise<void> {
  await manager.query(
    `UPDATE linkbroker.doctor_runs SET state = 'failed', ended_at = $2, reason = $3
     WHERE tenant_id = $1 AND state = 'running' AND deadline_at <= $2`,
    [tenantId, now, LOST],
  );
}

async function countOwn(
  manager: EntityManager,
  tenantId: TenantId,
  now: Date,
): Promise<{ running: number; today: number }> {
  const [row] = await manager.query<{ running: number; today: number }[]>(
    `SELECT count(*) FILTER (WHERE state = 'running')::int AS running, count(*) FILTER (WHERE started_at > $2)::int AS today
     FROM linkbroker.doctor_runs WHERE tenant_id = $1`,
    [tenantId, new Date(now.getTime() - DAY_MS)],
  );
  return row ?? { running: 0, today: 0 };
}

/** Never those by which the day is counted. */
const FORGET = `DELETE FROM linkbroker.doctor_runs WHERE tenant_id = $1 AND state <> 'running' AND started_at < $3 AND id NOT IN (
  SELECT id FROM linkbroker.doctor_runs WHERE tenant_id = $1 ORDER BY started_at DESC, id LIMIT $2)`;

import { doctorReport } from '@linkbroker/contracts';
import type { DoctorHost, DoctorReport, DoctorRun } from '@linkbroker/persistence';
import { proofExpiry, proofsOf } from './prove-host.js';

/** A host as the API tells it. */
export const hostAnswer = (found: DoctorHost) => ({
  ...{ host: found.host, addedBy: found.addedBy, provenBy: found.provenBy },
  addedAt: found.addedAt.toISOString(),
  checkedAt: found.checkedAt?.toISOString() ?? null,
  provenAt: found.provenAt?.toISOString() ?? null,
  expiresAt: proofExpiry(found)?.toISOString() ?? null,
  ...proofsOf(found),
});

/** A run as the API tells it. */
export const runAnswer = (found: DoctorRun) => ({
  ...{ id: found.id, state: found.state, startedBy: found.startedBy, reason: found.reason },
  target: found.target as { authorizeUrl: string; clientId: string; domains: string[]; unreached: string[] },
  startedAt: found.startedAt.toISOString(),
  endedAt: found.endedAt?.toISOString() ?? null,
  progress: [...found.progress],
  summary: found.summary as ReportAnswer['summary'] | null,
});

type ReportAnswer = ReturnType<typeof doctorReport.parse>;

/** What a run found; null before its end. */
export const reportOf = ({ report }: DoctorReport): ReportAnswer | null =>
  report === null ? null : doctorReport.parse(report);

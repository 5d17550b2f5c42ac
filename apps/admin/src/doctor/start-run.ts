import type { DoctorTarget, TenantId } from '@linkbroker/contracts';
import type { DoctorRun, DoctorRunVerdict } from '@linkbroker/persistence';
import type { AdminNeeds } from '../admin-needs.js';
import { alexaClientOf } from '../configuration/skill-answer.js';
import { actorOfCall, auditOfCall } from '../http/audit-of-call.js';
import { ApiProblem, tooMany } from '../http/problem.js';
import { tenantOfCall } from '../http/tenant-of-call.js';
import type { Caller } from '../sign-in/caller.js';
import { checkTarget } from './check-target.js';
import { RUN_MS } from './doctor-runner.js';

/** After its time a run is killed; after this much more whoever should have written that down is gone. */
const GRACE_MS = 60_000;
const MINUTE = 60;
const HOUR = 3_600;

interface WantedRun {
  readonly target: DoctorTarget;
  readonly only?: readonly string[] | undefined;
}

/**
 * Begins a run and starts its process. Nothing that is secret is kept.
 * @throws ApiProblem 422 for a host that is not proven, 429 beyond the quotas, 409 where the doctor is switched off
 */
export async function startRun(needs: AdminNeeds, caller: Caller, { target, only }: WantedRun): Promise<DoctorRun> {
  const { doctor, now } = needs;
  const { atOnce, aDay } = doctor.limits;
  if (atOnce === 0) throw new ApiProblem(409, 'Switched off', 'This installation does not run the doctor for tenants.');
  const [tenantId, at, id] = [tenantOfCall(caller), now(), doctor.newId()];
  const { hosts, shown } = await checkAgainstTenant(needs, tenantId, target, at);
  const wanted = { id, target: shown, startedBy: actorOfCall(caller).label };
  const deed = { action: 'doctor-run.started', subject: new URL(target.authorizeUrl).hostname, diff: shown };
  const verdict = await doctor.runs.begin(
    tenantId,
    { ...wanted, deadlineAt: new Date(at.getTime() + RUN_MS + GRACE_MS) },
    { atOnce, aDay },
    auditOfCall(caller, at, deed),
  );
  if (verdict !== 'begun') throw beyondQuota(verdict, aDay);
  doctor.runner.start({ tenantId, id, hosts, target, only });
  const state = 'running' as const;
  return { ...wanted, state, startedAt: at, endedAt: null, progress: [], reason: null, summary: null };
}

async function checkAgainstTenant(needs: AdminNeeds, tenantId: TenantId, target: DoctorTarget, now: Date) {
  const [{ skills }, hosts] = [await needs.configuration.read(tenantId), await needs.doctor.hosts.list(tenantId)];
  const ownClients = skills.map(alexaClientOf).filter((id) => id !== '');
  return checkTarget(target, { hosts, now, brokerUrl: needs.brokerUrl, ownClients });
}

function beyondQuota(verdict: Exclude<DoctorRunVerdict, 'begun'>, aDay: number): ApiProblem {
  if (verdict === 'tenant-busy') return tooMany('A run of this tenant is under way.', MINUTE);
  if (verdict === 'tenant-day') return tooMany(`There were ${String(aDay)} runs in the last 24 hours.`, HOUR);
  return tooMany('As many runs are under way as this installation bears.', MINUTE);
}

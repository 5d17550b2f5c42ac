import {
  ADD_DOCTOR_HOST,
  LIST_DOCTOR_HOSTS,
  REMOVE_DOCTOR_HOST,
  VERIFY_DOCTOR_HOST,
  type ApiAnswer,
  type ApiInput,
} from '@linkbroker/contracts';
import { Controller, Inject } from '@nestjs/common';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';
import { ApiEndpoint } from '../http/api-endpoint.js';
import { CallerOf, InputOf } from '../http/api-request.js';
import { actorOfCall, auditOfCall } from '../http/audit-of-call.js';
import { conflict, notFound } from '../http/problem.js';
import { tenantOfCall } from '../http/tenant-of-call.js';
import type { Caller } from '../sign-in/caller.js';
import { proveHost } from './prove-host.js';
import { hostAnswer } from './run-answer.js';

/** Of one tenant. */
const MOST_HOSTS = 20;

/** Hosts that the doctor may look at for a tenant. @see docs/doctor.md */
@Controller()
export class DoctorHostsController {
  constructor(@Inject(ADMIN_NEEDS) private readonly needs: AdminNeeds) {}

  @ApiEndpoint(LIST_DOCTOR_HOSTS)
  async list(@CallerOf() caller: Caller): Promise<ApiAnswer<typeof LIST_DOCTOR_HOSTS>> {
    return { items: (await this.needs.doctor.hosts.list(tenantOfCall(caller))).map(hostAnswer) };
  }

  @ApiEndpoint(ADD_DOCTOR_HOST)
  async add(
    @CallerOf() caller: Caller,
    @InputOf() { body: { host } }: ApiInput<typeof ADD_DOCTOR_HOST>,
  ): Promise<ApiAnswer<typeof ADD_DOCTOR_HOST>> {
    const { hosts, newToken } = this.needs.doctor;
    if ([this.needs.brokerUrl, this.needs.adminUrl].some((url) => new URL(url).hostname === host))
      throw conflict('This is the installation itself: its own skills can be looked at without a proof.');
    const [tenantId, now] = [tenantOfCall(caller), this.needs.now()];
    const wanted = { host, token: newToken(), addedBy: actorOfCall(caller).label, addedAt: now };
    const entry = auditOfCall(caller, now, { action: 'doctor-host.added', subject: host });
    const verdict = await hosts.add(tenantId, wanted, MOST_HOSTS, entry);
    if (verdict === 'there') throw conflict('This host is there already.');
    if (verdict === 'too-many') throw conflict(`A tenant has at most ${String(MOST_HOSTS)} hosts.`);
    return hostAnswer({ ...wanted, checkedAt: null, provenAt: null, provenBy: null });
  }

  @ApiEndpoint(VERIFY_DOCTOR_HOST)
  async verify(
    @CallerOf() caller: Caller,
    @InputOf() { params }: ApiInput<typeof VERIFY_DOCTOR_HOST>,
  ): Promise<ApiAnswer<typeof VERIFY_DOCTOR_HOST>> {
    const { doctor } = this.needs;
    const tenantId = tenantOfCall(caller);
    const found = await doctor.hosts.find(tenantId, params.host);
    if (!found) throw noSuchHost();
    const { proof, seen } = await proveHost(doctor, found);
    const deed = { action: 'doctor-host.proven', subject: params.host, diff: { by: proof } };
    await doctor.hosts.note(tenantId, params.host, proof, auditOfCall(caller, this.needs.now(), deed));
    const now = await doctor.hosts.find(tenantId, params.host);
    if (!now) throw noSuchHost();
    return { host: hostAnswer(now), seen: [...seen] };
  }

  @ApiEndpoint(REMOVE_DOCTOR_HOST)
  async remove(
    @CallerOf() caller: Caller,
    @InputOf() { params: { host } }: ApiInput<typeof REMOVE_DOCTOR_HOST>,
  ): Promise<void> {
    const entry = auditOfCall(caller, this.needs.now(), { action: 'doctor-host.removed', subject: host });
    if (!(await this.needs.doctor.hosts.remove(tenantOfCall(caller), host, entry))) throw noSuchHost();
  }
}

const noSuchHost = () => notFound('There is no such host.');

import {
  CANCEL_DOCTOR_RUN,
  GET_DOCTOR_PAGE,
  GET_DOCTOR_RUN,
  LIST_DOCTOR_RUNS,
  START_DOCTOR_RUN,
  type ApiAnswer,
  type ApiInput,
} from '@linkbroker/contracts';
import { formatHtml } from '@linkbroker/doctor-cli';
import type { DoctorReport } from '@linkbroker/persistence';
import { isUuid } from '@linkbroker/protocol';
import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';
import { ApiEndpoint } from '../http/api-endpoint.js';
import { CallerOf, InputOf } from '../http/api-request.js';
import { auditOfCall } from '../http/audit-of-call.js';
import { conflict, notFound } from '../http/problem.js';
import { tenantOfCall } from '../http/tenant-of-call.js';
import type { Caller } from '../sign-in/caller.js';
import { RUN_MS } from './doctor-runner.js';
import { reportOf, runAnswer } from './run-answer.js';
import { startRun } from './start-run.js';

const MINUTE_MS = 60_000;

/** Runs of the doctor for a tenant. @see docs/doctor.md */
@Controller()
export class DoctorRunsController {
  constructor(@Inject(ADMIN_NEEDS) private readonly needs: AdminNeeds) {}

  @ApiEndpoint(LIST_DOCTOR_RUNS)
  async list(@CallerOf() caller: Caller): Promise<ApiAnswer<typeof LIST_DOCTOR_RUNS>> {
    const { runs, limits } = this.needs.doctor;
    const found = await runs.list(tenantOfCall(caller), this.needs.now());
    return {
      // All of what it does is told with the run itself.
      items: found.runs.map((run) => runAnswer({ ...run, progress: run.progress.slice(-1) })),
      quota: { today: found.today, ...limits, minutes: RUN_MS / MINUTE_MS },
    };
  }

  @ApiEndpoint(START_DOCTOR_RUN)
  async start(
    @CallerOf() caller: Caller,
    @InputOf() { body }: ApiInput<typeof START_DOCTOR_RUN>,
  ): Promise<ApiAnswer<typeof START_DOCTOR_RUN>> {
    return runAnswer(await startRun(this.needs, caller, body));
  }

  @ApiEndpoint(GET_DOCTOR_RUN)
  async get(
    @CallerOf() caller: Caller,
    @InputOf() { params }: ApiInput<typeof GET_DOCTOR_RUN>,
  ): Promise<ApiAnswer<typeof GET_DOCTOR_RUN>> {
    const found = await this.find(caller, params.run);
    return { ...runAnswer(found), report: reportOf(found) };
  }

  @ApiEndpoint(CANCEL_DOCTOR_RUN)
  async cancel(@CallerOf() caller: Caller, @InputOf() { params }: ApiInput<typeof CANCEL_DOCTOR_RUN>): Promise<void> {
    const { id } = await this.find(caller, params.run);
    const entry = auditOfCall(caller, this.needs.now(), { action: 'doctor-run.cancelled', subject: id });
    const cancelled = await this.needs.doctor.runs.cancel(tenantOfCall(caller), id, entry);
    this.needs.doctor.runner.stop(id);
    if (!cancelled) throw conflict('It has ended already.');
  }

  @ApiEndpoint(GET_DOCTOR_PAGE)
  async page(
    @CallerOf() caller: Caller,
    @InputOf() { params }: ApiInput<typeof GET_DOCTOR_PAGE>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const found = await this.find(caller, params.run);
    const report = reportOf(found);
    if (!report) throw notFound('This run has no report.');
    reply.headers({
      'content-disposition': `attachment; filename="doctor-${found.id.slice(0, 8)}.html"`,
      'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    });
    return formatHtml(report, found.screenshot ?? undefined);
  }

  private async find(caller: Caller, id: string): Promise<DoctorReport> {
    const found = isUuid(id)
      ? await this.needs.doctor.runs.find(tenantOfCall(caller), id, this.needs.now())
      : undefined;
    if (!found) throw notFound('There is no such run.');
    return found;
  }
}

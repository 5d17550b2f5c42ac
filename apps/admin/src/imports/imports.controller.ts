import {
  ADD_IMPORTED_LINES,
  CANCEL_IMPORT,
  CREATE_IMPORT,
  GET_IMPORT,
  LIST_IMPORTS,
  LIST_TROUBLED_LINES,
  START_IMPORT,
  type ApiAnswer,
  type ApiInput,
  type ImportAnswer,
  type TenantId,
} from '@linkbroker/contracts';
import type { ImportProgress } from '@linkbroker/persistence';
import { isUuid } from '@linkbroker/protocol';
import { Controller, Inject } from '@nestjs/common';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';
import { ApiEndpoint } from '../http/api-endpoint.js';
import { CallerOf, InputOf } from '../http/api-request.js';
import { actorOfCall, auditOfCall } from '../http/audit-of-call.js';
import { pageAnswer, readCursor } from '../http/cursor.js';
import { conflict, notFound } from '../http/problem.js';
import { tenantOfCall } from '../http/tenant-of-call.js';
import type { Caller } from '../sign-in/caller.js';
import { addLines } from './add-lines.js';
import { beginImport } from './begin-import.js';

/** Links brought from the server that a skill had before. @see ADR 0023 */
@Controller()
export class ImportsController {
  constructor(@Inject(ADMIN_NEEDS) private readonly needs: AdminNeeds) {}

  @ApiEndpoint(LIST_IMPORTS)
  async list(
    @CallerOf() caller: Caller,
    @InputOf() { query }: ApiInput<typeof LIST_IMPORTS>,
  ): Promise<ApiAnswer<typeof LIST_IMPORTS>> {
    const after = readCursor(query.cursor, isUuid);
    const found = await this.needs.imports.page(tenantOfCall(caller), after, query.limit + 1);
    return pageAnswer(found, query.limit, toWire, ({ id }) => id);
  }

  @ApiEndpoint(CREATE_IMPORT)
  async create(
    @CallerOf() caller: Caller,
    @InputOf() { body }: ApiInput<typeof CREATE_IMPORT>,
  ): Promise<ApiAnswer<typeof CREATE_IMPORT>> {
    const tenantId = tenantOfCall(caller);
    const now = this.needs.now();
    const asked = { ...body, keepUntil: new Date(body.keepUntil), by: actorOfCall(caller).label };
    const begun = await beginImport(this.needs, tenantId, asked, (id) =>
      auditOfCall(caller, now, { action: 'import.create', subject: id, diff: { ...body } }),
    );
    if (typeof begun === 'string') throw conflict(begun);
    return this.find(tenantId, begun.id);
  }

  @ApiEndpoint(GET_IMPORT)
  get(
    @CallerOf() caller: Caller,
    @InputOf() { params }: ApiInput<typeof GET_IMPORT>,
  ): Promise<ApiAnswer<typeof GET_IMPORT>> {
    return this.find(tenantOfCall(caller), params.import);
  }

  @ApiEndpoint(ADD_IMPORTED_LINES)
  async add(
    @CallerOf() caller: Caller,
    @InputOf() { params, body }: ApiInput<typeof ADD_IMPORTED_LINES>,
  ): Promise<ApiAnswer<typeof ADD_IMPORTED_LINES>> {
    const tenantId = tenantOfCall(caller);
    const { skill, connector } = await this.find(tenantId, params.import);
    const lines = body.lines.map((value, index) => ({ line: body.firstLine + index, value }));
    const destination = { tenantId, importId: params.import, skill, connector, dry: body.dryRun, seen: new Map() };
    const outcomes = await addLines(this.needs, destination, lines);
    if (!outcomes) throw conflict('The import was given up, or its skill does not offer its connector any more.');
    const count = (wanted: string): number => outcomes.filter(({ outcome }) => outcome === wanted).length;
    return {
      staged: count('staged'),
      known: count('known'),
      refused: outcomes.flatMap((one) => (one.outcome === 'refused' ? [{ line: one.line, reason: one.reason }] : [])),
    };
  }

  @ApiEndpoint(START_IMPORT)
  async start(
    @CallerOf() caller: Caller,
    @InputOf() { params }: ApiInput<typeof START_IMPORT>,
  ): Promise<ApiAnswer<typeof START_IMPORT>> {
    const tenantId = tenantOfCall(caller);
    const { id, cancelledAt } = await this.find(tenantId, params.import);
    if (cancelledAt !== null) throw conflict('The import was given up.');
    const now = this.needs.now();
    const audit = auditOfCall(caller, now, { action: 'import.start', subject: id });
    await this.needs.imports.start(tenantId, id, now, audit);
    return this.find(tenantId, id);
  }

  @ApiEndpoint(CANCEL_IMPORT)
  async cancel(
    @CallerOf() caller: Caller,
    @InputOf() { params }: ApiInput<typeof CANCEL_IMPORT>,
  ): Promise<ApiAnswer<typeof CANCEL_IMPORT>> {
    const id = idOf(params.import);
    const now = this.needs.now();
    const cancelledLines = await this.needs.imports.cancel(tenantOfCall(caller), id, now, (count) =>
      auditOfCall(caller, now, { action: 'import.cancel', subject: id, diff: { cancelledLines: count } }),
    );
    if (cancelledLines === undefined) throw noSuchImport();
    return { cancelledLines };
  }

  @ApiEndpoint(LIST_TROUBLED_LINES)
  async troubled(
    @CallerOf() caller: Caller,
    @InputOf() { params, query }: ApiInput<typeof LIST_TROUBLED_LINES>,
  ): Promise<ApiAnswer<typeof LIST_TROUBLED_LINES>> {
    const tenantId = tenantOfCall(caller);
    const { id } = await this.find(tenantId, params.import);
    const cursor = readCursor(query.cursor, (text) => PLACE.test(text));
    const [at = '', lineId = ''] = cursor?.split(' ') ?? [];
    const after = cursor === undefined ? undefined : { line: Number(at), id: lineId };
    const found = await this.needs.imports.troubled(tenantId, id, query.state, after, query.limit + 1);
    const toLine = ({ id: one, line, subject, reason }: (typeof found)[number]) => ({ id: one, line, subject, reason });
    return pageAnswer(found, query.limit, toLine, (one) => `${String(one.line)} ${one.id}`);
  }

  private async find(tenantId: TenantId, id: string): Promise<ImportAnswer> {
    const found = await this.needs.imports.find(tenantId, idOf(id));
    if (!found) throw noSuchImport();
    return toWire(found);
  }
}

/** The place of a line: its number, and its id where the number is another's too. */
const PLACE = /^\d{1,10} [0-9a-f-]{36}$/;
const noSuchImport = () => notFound('There is no such import.');

function idOf(id: string): string {
  if (!isUuid(id)) throw noSuchImport();
  return id;
}

const toWire = ({ pending, held, adopted, refused, used, ...found }: ImportProgress): ImportAnswer => ({
  ...{ id: found.id, skill: found.skill, connector: found.connector, createdBy: found.createdBy },
  keepUntil: found.keepUntil.toISOString(),
  createdAt: found.createdAt.toISOString(),
  startedAt: found.startedAt?.toISOString() ?? null,
  cancelledAt: found.cancelledAt?.toISOString() ?? null,
  lines: { pending, held, adopted, refused, used },
});

import { describeConnector, planConnectorChange, planRemoval } from '@linkbroker/configuration';
import {
  GET_CONNECTOR,
  LIST_CONNECTORS,
  PUT_CONNECTOR,
  REMOVE_CONNECTOR,
  TEST_CONNECTOR,
  type ApiAnswer,
  type ApiInput,
} from '@linkbroker/contracts';
import { testConnector } from '@linkbroker/linking';
import type { StoredConnector, TenantState } from '@linkbroker/persistence';
import { Controller, Inject } from '@nestjs/common';
import { CallerOf, InputOf } from '../http/api-request.js';
import { ApiEndpoint } from '../http/api-endpoint.js';
import { checkUnchanged } from '../http/check-unchanged.js';
import { notFound, tooMany } from '../http/problem.js';
import { checkSlug } from './check-slug.js';
import { tenantOfCall } from '../http/tenant-of-call.js';
import type { Caller } from '../sign-in/caller.js';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';
import { writePlanned } from './write-planned.js';

/** Each goes to a provider, in this installation's name. */
const TESTS_A_MINUTE = 10;
/** Milliseconds for all of one test. */
const TEST_MS = 10_000;

/** Connectors of a tenant: how it is known to its providers. */
@Controller()
export class ConnectorsController {
  constructor(@Inject(ADMIN_NEEDS) private readonly needs: AdminNeeds) {}

  @ApiEndpoint(LIST_CONNECTORS)
  async list(@CallerOf() caller: Caller): Promise<ApiAnswer<typeof LIST_CONNECTORS>> {
    const state = await this.needs.configuration.read(tenantOfCall(caller));
    const items = state.connectors.map((connector) => this.describe(caller, connector, state));
    return { items: items.sort((a, b) => (a.slug < b.slug ? -1 : 1)) };
  }

  @ApiEndpoint(GET_CONNECTOR)
  async get(
    @CallerOf() caller: Caller,
    @InputOf() { params }: ApiInput<typeof GET_CONNECTOR>,
  ): Promise<ApiAnswer<typeof GET_CONNECTOR>> {
    return this.read(caller, params.connector);
  }

  @ApiEndpoint(PUT_CONNECTOR)
  async put(
    @CallerOf() caller: Caller,
    @InputOf() { params, body, ifMatch }: ApiInput<typeof PUT_CONNECTOR>,
  ): Promise<ApiAnswer<typeof PUT_CONNECTOR>> {
    const tenantId = tenantOfCall(caller);
    const state = await this.needs.configuration.read(tenantId);
    const slug = checkSlug(params.connector);
    const before = state.connectors.find((connector) => connector.slug === slug);
    checkUnchanged(GET_CONNECTOR, before && this.describe(caller, before, state), ifMatch);
    const planned = await planConnectorChange(this.needs.planning, tenantId, { ...body, slug }, state);
    const { changes } = await writePlanned(
      this.needs,
      caller,
      { action: 'connector.change', subject: slug },
      { from: state, changes: planned },
    );
    return { connector: await this.read(caller, slug), changes };
  }

  @ApiEndpoint(REMOVE_CONNECTOR)
  async remove(
    @CallerOf() caller: Caller,
    @InputOf() { params, query }: ApiInput<typeof REMOVE_CONNECTOR>,
  ): Promise<ApiAnswer<typeof REMOVE_CONNECTOR>> {
    const tenantId = tenantOfCall(caller);
    const state = await this.needs.configuration.read(tenantId);
    const { id, slug } = connectorOf(state, params.connector);
    const what = { kind: 'connector', id, slug } as const;
    const planned = await planRemoval(this.needs.planning, tenantId, what, state, query.liveGrants);
    const { changes } = await writePlanned(
      this.needs,
      caller,
      { action: 'connector.remove', subject: slug },
      { from: state, changes: planned },
    );
    return { changes };
  }

  @ApiEndpoint(TEST_CONNECTOR)
  async try(
    @CallerOf() caller: Caller,
    @InputOf() { params }: ApiInput<typeof TEST_CONNECTOR>,
  ): Promise<ApiAnswer<typeof TEST_CONNECTOR>> {
    const tenantId = tenantOfCall(caller);
    const turn = await this.needs.turns.take(`connector-test:${tenantId}`, TESTS_A_MINUTE, 60);
    if (turn.waitSeconds > 0) throw tooMany('Connectors are tried a few times a minute.', turn.waitSeconds);
    const stored = connectorOf(await this.needs.configuration.read(tenantId), params.connector);
    const deadline = performance.now() + TEST_MS;
    const connector = await this.needs.connectors.find(tenantId, stored.id, deadline);
    if (!connector) throw notFound('There is no such connector.');
    const { callbackUrl } = this.describe(caller, stored, { skills: [] });
    return { findings: await testConnector(this.needs, connector, callbackUrl, deadline) };
  }

  private async read(caller: Caller, slug: string) {
    const state = await this.needs.configuration.read(tenantOfCall(caller));
    return this.describe(caller, connectorOf(state, slug), state);
  }

  private describe({ tenantSlug = '' }: Caller, connector: StoredConnector, { skills }: Pick<TenantState, 'skills'>) {
    const { clientSecret: _, ...document } = describeConnector(connector);
    return {
      ...document,
      callbackUrl: `${this.needs.brokerUrl}/callback/${tenantSlug}/${connector.slug}`,
      skills: skills.flatMap(({ slug, connectorIds }) => (connectorIds.includes(connector.id) ? slug : [])),
    };
  }
}

function connectorOf({ connectors }: TenantState, slug: string): StoredConnector {
  const found = connectors.find((connector) => connector.slug === slug);
  if (!found) throw notFound('There is no such connector.');
  return found;
}

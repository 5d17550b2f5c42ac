import { PROVIDER_CATALOGUE, READ_INSTALLATION, type ApiAnswer, type CatalogueEntry } from '@linkbroker/contracts';
import { CATALOGUE, connectorDemands, describeQuirks, type UpstreamProvider } from '@linkbroker/providers';
import { Controller, Inject } from '@nestjs/common';
import { ApiEndpoint } from '../http/api-endpoint.js';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';

/** What there is to choose from, and where this installation is. */
@Controller()
export class CatalogueController {
  constructor(@Inject(ADMIN_NEEDS) private readonly needs: Pick<AdminNeeds, 'brokerUrl' | 'simulator'>) {}

  @ApiEndpoint(PROVIDER_CATALOGUE)
  list(): ApiAnswer<typeof PROVIDER_CATALOGUE> {
    return { items: CATALOGUE.map(toEntry) };
  }

  @ApiEndpoint(READ_INSTALLATION)
  installation(): ApiAnswer<typeof READ_INSTALLATION> {
    return { brokerUrl: this.needs.brokerUrl, simulatorUrl: this.needs.simulator?.url ?? null };
  }
}

function toEntry(provider: UpstreamProvider): CatalogueEntry {
  const { id, name, scopes, docs, parameters = {} } = provider;
  const { issuer, endpoints, secret } = connectorDemands(provider);
  return {
    ...{ id, name, issuer, secret },
    endpoints: [...endpoints],
    scopes: [...scopes.default],
    requiredScopes: [...(scopes.required ?? [])],
    parameters: Object.entries(parameters).map(([key, { description, example, pattern, optional = false }]) => ({
      ...{ name: key, description, example, optional },
      pattern: pattern.source,
    })),
    quirks: [...describeQuirks(provider)],
    docs: [...docs],
  };
}

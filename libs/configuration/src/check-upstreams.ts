import type { ConnectorDocument, SkillDocument } from '@linkbroker/contracts';
import { checkConnector, findProvider, upstreamModeRefusal } from '@linkbroker/providers';

/** Something wrong at a place of the file. */
export interface Complaint {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** What a connector's provider has to say about it. */
export function connectorComplaints(connector: ConnectorDocument, at: readonly PropertyKey[]): Complaint[] {
  const { provider, issuer = null, parameters, endpoints, scopes = [] } = connector;
  return checkConnector({ provider, issuer, parameters, endpoints, scopes }).map(({ key, message }) => ({
    path: [...at, ...key.split('.')],
    message: message.replace(`${key}: `, ''),
  }));
}

/** Why a skill cannot pass tokens of its connectors through to Alexa. */
export function tokenModeComplaints(
  skill: Pick<SkillDocument, 'tokenMode' | 'connectors'>,
  connectors: readonly Pick<ConnectorDocument, 'slug' | 'provider'>[],
  at: readonly PropertyKey[],
): Complaint[] {
  if (skill.tokenMode === 'own') return [];
  return skill.connectors.flatMap((slug) => {
    const connector = connectors.find((candidate) => candidate.slug === slug);
    const provider = connector && findProvider(connector.provider);
    const refusal = provider && upstreamModeRefusal(provider);
    if (refusal === undefined) return [];
    return [{ path: [...at, 'tokenMode'], message: `connector "${slug}": ${refusal}` }];
  });
}

import type { CatalogueEntry, GET_CONNECTOR, PUT_CONNECTOR } from '@linkbroker/contracts/api';
import type { z } from 'zod';

export type Connector = z.output<(typeof GET_CONNECTOR)['answer']>;
type ConnectorBody = z.input<(typeof PUT_CONNECTOR)['body']>;

export const ENDPOINTS = ['authorization', 'token', 'userinfo', 'revocation'] as const;
export type EndpointName = (typeof ENDPOINTS)[number];

/** What the form of a connector shows. Texts are as typed; an empty one stands for nothing. */
export interface ConnectorDraft {
  readonly name: string;
  readonly issuer: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly endpoints: Readonly<Record<EndpointName, string>>;
  readonly clientId: string;
  /** Empty where the one that is there stays. */
  readonly clientSecret: string;
  readonly scopes: readonly string[];
  readonly revokeUpstream: 'last-link' | 'never';
}

/** What the form of a new connector begins with. */
export const newConnectorDraft = ({ name }: Pick<CatalogueEntry, 'name'>): ConnectorDraft => ({
  name,
  issuer: '',
  parameters: {},
  endpoints: { authorization: '', token: '', userinfo: '', revocation: '' },
  clientId: '',
  clientSecret: '',
  scopes: [],
  revokeUpstream: 'last-link',
});

/** What the form of one that is there begins with. */
export const connectorDraftOf = (connector: Connector): ConnectorDraft => ({
  name: connector.name ?? '',
  issuer: connector.issuer ?? '',
  parameters: { ...connector.parameters },
  endpoints: {
    authorization: connector.endpoints.authorization ?? '',
    token: connector.endpoints.token ?? '',
    userinfo: connector.endpoints.userinfo ?? '',
    revocation: connector.endpoints.revocation ?? '',
  },
  clientId: connector.clientId,
  clientSecret: '',
  scopes: connector.scopes ?? [],
  revokeUpstream: connector.revokeUpstream,
});

/** The body that makes a connector what its form says. */
export function connectorBodyOf(provider: string, draft: ConnectorDraft): ConnectorBody {
  const { name, issuer, clientId, clientSecret, scopes, revokeUpstream } = draft;
  return {
    provider,
    clientId: clientId.trim(),
    revokeUpstream,
    ...(name.trim() !== '' && { name: name.trim() }),
    ...(issuer.trim() !== '' && { issuer: issuer.trim() }),
    ...(clientSecret !== '' && { clientSecret }),
    ...(scopes.length > 0 && { scopes: [...scopes] }),
    parameters: filled(draft.parameters),
    endpoints: filled(draft.endpoints),
  };
}

const filled = (given: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value.trim() === '' ? [] : [[name, value.trim()]])),
  );

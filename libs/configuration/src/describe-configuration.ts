import type { ConnectorDocument, SkillDocument, WrittenSkill } from '@linkbroker/contracts';
import type { SkillConfiguration, TenantConfiguration } from './configuration.js';
import { redirectUrisOfSkill } from './redirect-uris-of-skill.js';

type StoredConnector = TenantConfiguration['connectors'][number];

/** A stored connector as the document that would make it, without its secret. */
export function describeConnector(connector: StoredConnector): ConnectorDocument {
  const { slug, name, provider, issuer, parameters, clientId, scopes, revokeUpstream, endpoints } = connector;
  return {
    ...{ slug, name, provider, clientId, revokeUpstream },
    ...(issuer !== null && { issuer }),
    parameters: { ...parameters },
    ...(scopes.length > 0 && { scopes: [...scopes] }),
    endpoints: { ...endpoints },
  };
}

/** A stored skill as the document that would make it, without its secrets. */
export function describeSkill(skill: SkillConfiguration, { connectors }: TenantConfiguration): WrittenSkill {
  const client = (kind: 'alexa' | 'backend') => skill.clients.find((candidate) => candidate.kind === kind);
  const backend = client('backend');
  const { slug, name, pkce, accessTokenTtl, tokenMode, branding, webhooks } = skill;
  const slugs = skill.connectorIds.flatMap((id) => connectors.find((one) => one.id === id)?.slug ?? []);
  return {
    ...{ slug, name, pkce, accessTokenTtl, tokenMode },
    clientId: client('alexa')?.clientId ?? '',
    ...describeGrants(skill),
    scopes: [...skill.scopes],
    ...(slugs.length > 0 && { connectors: slugs }),
    refreshKeep: skill.refreshKeep ?? 'all',
    branding: { ...branding },
    webhooks: webhooks.map(({ url, events }) => ({ url, events: [...events] as never })),
    ...(backend && { backend: { clientId: backend.clientId } }),
    ...(skill.relay && { relay: describeRelay(skill.relay) }),
    ...(skill.events && { events: { reciprocal: false, ...skill.events } }),
  };
}

/** What says where Alexa may come from and go to, and with what. */
function describeGrants(skill: SkillConfiguration) {
  const { vendorId, alexaSkillId, implicitTokenTtl } = skill;
  const grantTypes = skill.grantTypes as NonNullable<WrittenSkill['grantTypes']>;
  const appToApp = (skill.appToApp ?? undefined) as SkillDocument['appToApp'];
  const derived = redirectUrisOfSkill({ grantTypes, vendorId: vendorId ?? undefined, redirectUris: [], appToApp });
  return {
    grantTypes,
    ...(alexaSkillId !== null && { skillId: alexaSkillId }),
    ...(vendorId !== null && { vendorId }),
    redirectUris: skill.redirectUris.filter((uri) => !derived.includes(uri)),
    ...(implicitTokenTtl !== null && { implicitTokenTtl }),
    ...(appToApp && { appToApp }),
  };
}

function describeRelay(relay: NonNullable<SkillConfiguration['relay']>): NonNullable<SkillDocument['relay']> {
  const { authorizationUrl, tokenUrl, clientId, scheme } = relay;
  return { authorizationUrl, tokenUrl, scheme, ...(clientId !== null && { clientId }) };
}

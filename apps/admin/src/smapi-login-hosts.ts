import type { SkillToLink } from '@linkbroker/alexa';
import {
  discoveryUrlOf,
  findProvider,
  resolveUpstream,
  UpstreamError,
  type ConnectorFacts,
} from '@linkbroker/providers';

/** A connector, as far as it says where people sign in. */
export type ConnectorAddresses = Pick<
  ConnectorFacts,
  'provider' | 'issuer' | 'parameters' | 'clientId' | 'scopes' | 'endpoints'
> & { readonly slug: string };

/** A skill, as far as Amazon has to know it. */
export interface SkillAddresses extends Pick<SkillToLink, 'scopes' | 'grantTypes' | 'accessTokenTtl' | 'appToApp'> {
  readonly relay?: { readonly authorizationUrl: string } | null | undefined;
  readonly events?: { readonly reciprocal?: boolean } | null | undefined;
}

export interface FoundSkill {
  readonly skill: SkillToLink;
  /** What a person has to look after, because the configuration does not say it. */
  readonly advice: readonly string[];
}

/**
 * What Amazon has to know of a skill, with the hosts on which its households sign in: those of its connectors in the order of
 * the buttons, or the one of the existing server it stands before; then further ones.
 * @see R52
 */
export function skillToLink(
  clientId: string,
  { scopes, grantTypes, accessTokenTtl, relay, appToApp, events }: SkillAddresses,
  connectors: readonly ConnectorAddresses[],
  further: readonly string[],
): FoundSkill {
  const logins = relay ? [{ hosts: [hostOf(relay.authorizationUrl)], advice: [] }] : connectors.map(loginHostsOf);
  const loginHosts = [...new Set([...logins.flatMap(({ hosts }) => hosts), ...further])];
  return {
    skill: { clientId, scopes, grantTypes, accessTokenTtl, loginHosts, appToApp, reciprocal: events?.reciprocal },
    advice: logins.flatMap(({ advice }) => advice),
  };
}

interface Login {
  readonly hosts: readonly string[];
  readonly advice: readonly string[];
}

/**
 * The hosts of a connector's sign-in: that of its authorization address, and those the catalogue knows of the provider. An
 * address of the connector's own on another host stands alone, because there the catalogue's word does not count.
 */
function loginHostsOf(connector: ConnectorAddresses): Login {
  const known = findProvider(connector.provider)?.loginHosts ?? [];
  try {
    const { address, discovery } = signInAddress(connector);
    const host = hostOf(address);
    const isOwn = connector.endpoints.authorization !== undefined || connector.issuer !== null;
    const hosts = isOwn && !known.includes(host) ? [host] : [host, ...known];
    return { hosts, advice: discovery && !known.includes(host) ? [adviceOn(connector, host, address)] : [] };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return { hosts: known, advice: [`connector ${connector.slug}: ${error.message}`] };
  }
}

/** Where a sign-in begins; where only discovery knows that, the discovery document itself stands for it. */
function signInAddress(connector: ConnectorAddresses): { readonly address: string; readonly discovery: boolean } {
  const own = connector.endpoints.authorization;
  if (own !== undefined) return { address: own, discovery: false };
  const facts = { ...connector, clientSecret: '' };
  const document = discoveryUrlOf(facts);
  if (document !== null) return { address: document, discovery: true };
  return { address: resolveUpstream(facts, undefined).authorizationEndpoint, discovery: false };
}

const adviceOn = ({ slug }: ConnectorAddresses, host: string, document: string): string =>
  `connector ${slug}: taken to sign in on ${host}; where ${document} names another host, add it by --domain`;

const hostOf = (address: string): string => URL.parse(address)?.hostname ?? '';

import type { ConnectorDocument, WrittenSkill } from '@linkbroker/contracts';
import { stringify } from 'yaml';
import type { ClientConfiguration, SkillConfiguration, TenantConfiguration } from './configuration.js';
import { describeConnector, describeSkill } from './describe-configuration.js';

/**
 * A tenant as a config file. Secrets are named by environment variables, because the broker keeps hashes of most of them:
 * with the same values in the environment, applying the file changes nothing.
 * @see docs/config-file.md
 */
export function exportConfigFile(slug: string, tenant: TenantConfiguration): string {
  const { name, timelineDays } = tenant;
  const bySlug = (a: { readonly slug: string }, b: { readonly slug: string }): number => (a.slug < b.slug ? -1 : 1);
  const connectors = tenant.connectors.toSorted(bySlug).map((connector) => {
    return withConnectorSecret(slug, describeConnector(connector));
  });
  const skills = tenant.skills.toSorted(bySlug).map((skill) => withSecrets(slug, describeSkill(skill, tenant), skill));
  const file = { tenants: [{ slug, name, timelineDays, connectors, skills }] };
  return stringify(file, { lineWidth: 120, aliasDuplicateObjects: false });
}

const withConnectorSecret = (tenant: string, connector: ConnectorDocument) => {
  const { clientId, ...rest } = escaped(connector);
  return { ...rest, clientId, clientSecret: variable(tenant, connector.slug) };
};

function withSecrets(tenant: string, skill: WrittenSkill, stored: SkillConfiguration) {
  const { backend, events, relay, ...rest } = escaped(skill);
  const client = (kind: ClientConfiguration['kind']) => stored.clients.find((candidate) => candidate.kind === kind);
  const named = (...parts: string[]): string => variable(tenant, skill.slug, ...parts);
  return {
    ...rest,
    ...secretsOfClient(client('alexa'), named),
    ...(backend && {
      backend: { ...backend, ...secretsOfClient(client('backend'), (...more) => named('backend', ...more)) },
    }),
    ...(events && { events: { ...events, clientSecret: named('events') } }),
    ...(relay && { relay: { ...relay, ...(stored.relaySecret && { clientSecret: named('relay') }) } }),
  };
}

/** As many as are current: one that another has taken the place of ends by itself. */
function secretsOfClient(client: ClientConfiguration | undefined, named: (...parts: string[]) => string) {
  const current = client?.secrets.filter(({ superseded }) => !superseded) ?? [];
  if (current.length < 2) return { clientSecret: named() };
  return { clientSecrets: current.map((_, index) => named(String(index + 1))) };
}

const variable = (...parts: string[]): string => `\${${parts.join('_').toUpperCase().replaceAll('-', '_')}_SECRET}`;

/** What stands in a value as it is must not be taken for a variable. */
function escaped<Value>(value: Value): Value {
  if (typeof value === 'string') return value.replaceAll('${', '$${') as Value;
  if (Array.isArray(value)) return value.map(escaped) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, escaped(one as unknown)])) as Value;
}

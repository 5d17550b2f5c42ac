import { secretsOf, type ConfigFile, type ConfigSkill } from '@linkbroker/contracts';
import { redirectUrisOfSkill } from './redirect-uris-of-skill.js';

/** What Amazon's developer console would hold of a skill; the simulator plays Alexa with it. */
export interface AlexaSkillExport {
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly vendorId: string | null;
  readonly skillId: string | null;
  readonly scopes: readonly string[];
  readonly redirectUris: readonly string[];
  readonly grantTypes: ConfigSkill['grantTypes'];
  readonly pkce: 'optional' | 'required';
  readonly backend: { readonly clientId: string; readonly clientSecret: string } | null;
  /** Of the permission to send events. */
  readonly events: NonNullable<ConfigSkill['events']> | null;
}

/** Collects the Alexa side of every skill in a config file, secrets included: for a private file only. */
export function exportForAlexa(config: ConfigFile): AlexaSkillExport[] {
  return config.tenants.flatMap((tenant) =>
    tenant.skills.map((skill) => ({
      name: skill.name,
      clientId: skill.clientId,
      clientSecret: secretsOf(skill)[0] ?? '',
      vendorId: skill.vendorId ?? null,
      skillId: skill.skillId ?? null,
      scopes: skill.scopes,
      redirectUris: redirectUrisOfSkill(skill),
      grantTypes: skill.grantTypes,
      pkce: skill.pkce,
      backend: skill.backend
        ? { clientId: skill.backend.clientId, clientSecret: secretsOf(skill.backend)[0] ?? '' }
        : null,
      events: skill.events ?? null,
    })),
  );
}

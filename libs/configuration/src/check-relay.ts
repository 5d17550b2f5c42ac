import type { SkillDocument } from '@linkbroker/contracts';
import { RELAYED_PARAMETERS } from '@linkbroker/protocol';
import type { Complaint } from './check-upstreams.js';

/** What a skill cannot have beside `relay`: everything that is about tokens, links or pages of the broker's own. */
export function relayComplaints(skill: SkillDocument, at: readonly PropertyKey[]): Complaint[] {
  const { relay } = skill;
  if (!relay) return [];
  const grants: readonly string[] = skill.grantTypes;
  const unfit: readonly (readonly [string, boolean, string])[] = [
    ['connectors', skill.connectors.length > 0, 'households sign in at the existing server itself'],
    [
      'grantTypes',
      grants.some((grant) => grant !== 'authorization_code'),
      'codes and refresh tokens are what is relayed',
    ],
    ['tokenMode', skill.tokenMode !== 'own', "Alexa holds the existing server's own tokens anyway"],
    ['refreshKeep', skill.refreshKeep !== 'all', 'the existing server says which tokens are good'],
    ['webhooks', skill.webhooks.length > 0, 'the broker knows of no links to tell about'],
    ['events', skill.events !== undefined, 'the broker knows of no links to send events of'],
    ['branding', Object.keys(skill.branding).length > 0, 'no link page is shown'],
  ];
  const query = new URL(relay.authorizationUrl).searchParams;
  const taken = RELAYED_PARAMETERS.filter((name) => query.has(name));
  return [
    ...unfit
      .filter(([, present]) => present)
      .map(([key, , why]) => ({ path: [...at, key], message: `a skill with relay has none: ${why}` })),
    ...taken.map((name) => ({
      path: [...at, 'relay', 'authorizationUrl'],
      message: `must not have the parameter ${name}, which comes from Alexa`,
    })),
  ];
}

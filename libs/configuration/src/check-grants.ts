import type { SkillDocument } from '@linkbroker/contracts';
import type { Complaint } from './check-upstreams.js';

/** What does not go together with a skill's grants. A relay says itself that it has no implicit one. @see ADR 0021 */
export function grantComplaints(skill: SkillDocument, at: readonly PropertyKey[]): Complaint[] {
  const { grantTypes, implicitTokenTtl, tokenMode, pkce } = skill;
  const implicit = grantTypes.includes('implicit');
  const unfit: readonly (readonly [string, boolean, string])[] = [
    [
      'tokenMode',
      implicit && tokenMode !== 'own',
      "goes with codes only: nothing renews the upstream's own token where Alexa has no refresh token",
    ],
    ['implicitTokenTtl', !implicit && implicitTokenTtl !== undefined, 'goes with the implicit grant only'],
    [
      'pkce',
      !grantTypes.includes('authorization_code') && pkce === 'required',
      'goes with codes only: the implicit grant has none to be proved',
    ],
  ];
  return unfit.filter(([, wrong]) => wrong).map(([key, , message]) => ({ path: [...at, key], message }));
}

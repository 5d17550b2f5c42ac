import type { SkillDocument } from '@linkbroker/contracts';
import type { Complaint } from './check-upstreams.js';

/** What a skill with `events` has to have: who hands over Alexa's directives, and who sends the events. */
export function eventComplaints(skill: SkillDocument, at: readonly PropertyKey[]): Complaint[] {
  if (!skill.events || skill.backend || skill.relay) return [];
  return [{ path: [...at, 'events'], message: "needs backend: the skill's own server hands over AcceptGrant" }];
}

import type { SkillEvent } from '@linkbroker/alexa';
import type { Deadline, Skill, TenantId, TraceEvent } from '@linkbroker/contracts';
import { findGrantedTokens, type GrantedTokensNeeds } from './find-granted-tokens.js';
import type { Fingerprint } from './upstream-secrets.js';

interface NotedEvent {
  readonly skillId: string;
  readonly requestId: string;
  readonly user: Buffer | null;
}
type TimedEvent = NotedEvent & { readonly user: Buffer; readonly at: Date };

interface TiedGrant {
  readonly grantId: string;
  readonly linkId: string;
}

/** What a store says came of an event; undefined where it was handled before. */
type Handled = Promise<{ readonly ties: readonly TiedGrant[]; readonly ended: readonly TiedGrant[] } | undefined>;

export interface ReceiveSkillEventNeeds extends GrantedTokensNeeds {
  readonly skillEvents: {
    note(tenantId: TenantId, event: NotedEvent, now: Date, deadline: Deadline): Handled;
    tie(tenantId: TenantId, event: TimedEvent & { grantId: string }, now: Date, deadline: Deadline): Handled;
    disable(tenantId: TenantId, event: TimedEvent, now: Date, deadline: Deadline): Handled;
    wasHandled(tenantId: TenantId, event: Omit<NotedEvent, 'user'>, deadline: Deadline): Promise<boolean>;
  };
}

export type ReceivedSkillEvent =
  | {
      readonly kind: 'handled';
      /** `linked`; `ended`: grants were ended; `kept`: what the user has is newer; `unknown_user`; `noted`: nothing to do; `repeated`. */
      readonly outcome: 'linked' | 'ended' | 'kept' | 'unknown_user' | 'noted' | 'repeated';
      readonly linkId?: string;
    }
  /** It names a token that is no good; nothing has changed. `reason` is for the timeline. */
  | { readonly kind: 'refused'; readonly reason: string; readonly grantId?: string };

/** The fingerprint of Alexa's id of a user, for its tenant: who has the id finds what is known of it, and nobody can read one. */
export const alexaUserFingerprint = (fingerprint: Fingerprint, tenantId: string, userId: string): Buffer =>
  fingerprint('alexa-user', [tenantId, userId]);

/** The same as timelines have it. */
export const alexaUserName = (fingerprint: Buffer): string => fingerprint.toString('base64url').slice(0, 22);

/**
 * Handles one of Alexa's skill events, which its sender has proved to be Alexa's, for this skill and of now. An account that
 * was linked is tied to who linked it; a skill that was disabled ends what its user had linked before, and nothing that was
 * linked after. Each event is handled once, in whatever order events come.
 * @throws OAuthError `temporarily_unavailable`, and the stores' errors, when it could not look
 * @see R198 R199 R200, ADR 0020
 */
export async function receiveSkillEvent(
  needs: ReceiveSkillEventNeeds,
  skill: Skill,
  event: SkillEvent,
  deadline: Deadline,
): Promise<ReceivedSkillEvent> {
  const { tenantId } = skill;
  const user = event.userId === null ? null : alexaUserFingerprint(needs.fingerprint, tenantId, event.userId);
  const told = { skillId: skill.id, requestId: event.requestId };
  if (event.name === 'SkillAccountLinked' && user && event.accessToken !== null && !skill.relay) {
    const found = await findLinked(needs, skill, event.accessToken, event.at, deadline);
    if (found.kind === 'refused') {
      // What it said may have ended since: it is not refused for that.
      const again = await needs.skillEvents.wasHandled(tenantId, told, deadline);
      return again ? tell(needs, skill, event, { user, handled: undefined, usual: 'linked' }) : found;
    }
    const tied = { ...told, user, at: event.at, grantId: found.grantId };
    const handled = await needs.skillEvents.tie(tenantId, tied, needs.now(), deadline);
    return tell(needs, skill, event, { user, handled, usual: 'linked', tied: found });
  }
  if (event.name === 'SkillDisabled' && user) {
    const handled = await needs.skillEvents.disable(tenantId, { ...told, user, at: event.at }, needs.now(), deadline);
    const usual = handled?.ties.length === 0 ? 'unknown_user' : 'kept';
    return tell(needs, skill, event, { user, handled, usual });
  }
  const handled = await needs.skillEvents.note(tenantId, { ...told, user }, needs.now(), deadline);
  return tell(needs, skill, event, { user, handled, usual: 'noted' });
}

/** Whose link an event's token stands for. Alexa repeats events for an hour: the token had to be good when it happened. */
async function findLinked(
  needs: ReceiveSkillEventNeeds,
  skill: Skill,
  token: string,
  at: Date,
  deadline: Deadline,
): Promise<Extract<ReceivedSkillEvent, { kind: 'refused' }> | (TiedGrant & { readonly kind: 'found' })> {
  const access = await findGrantedTokens({ ...needs, now: () => at }, skill, token, deadline);
  if (access.kind === 'granted') return { kind: 'found', grantId: access.grantId, linkId: access.granted.linkId };
  return { kind: 'refused', reason: access.reason, ...(access.grantId !== undefined && { grantId: access.grantId }) };
}

interface Told {
  readonly user: Buffer | null;
  readonly handled: Awaited<Handled>;
  /** The outcome where nothing was ended. */
  readonly usual: 'linked' | 'kept' | 'unknown_user' | 'noted';
  readonly tied?: TiedGrant;
}

const NOTHING = { ended: [], ties: [] } as const;

/** Leaves on the timeline what an event was and what came of it: on that of the link it is about, where there is one. */
function tell(
  needs: ReceiveSkillEventNeeds,
  skill: Skill,
  event: SkillEvent,
  { user, handled, usual, tied }: Told,
): ReceivedSkillEvent {
  const where = { tenantId: skill.tenantId, skillId: skill.id, ...(user && { alexaUser: alexaUserName(user) }) };
  const { ended, ties } = handled ?? NOTHING;
  const outcome = !handled ? 'repeated' : ended.length > 0 ? 'ended' : usual;
  const about = tied ?? ended[0] ?? ties[0];
  const link = about && { linkId: about.linkId, grantId: about.grantId };
  needs.trace({
    name: 'skill_event.received',
    ...where,
    ...link,
    outcome,
    detail: event.name,
    data: { happenedAt: event.at.toISOString() },
    ...(ended.length > 0 && { figures: { ended: ended.length } }),
  } satisfies TraceEvent);
  for (const { linkId, grantId } of ended) {
    needs.trace({ name: 'grant.revoked', ...where, linkId, grantId, detail: 'skill disabled' });
  }
  return { kind: 'handled', outcome, ...(about && { linkId: about.linkId }) };
}

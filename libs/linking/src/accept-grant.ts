import type { Deadline, Skill } from '@linkbroker/contracts';
import {
  exchangeEventCode,
  NotAccepted,
  type AcceptGrantRefusal,
  type ExchangeEventCodeNeeds,
} from './exchange-event-code.js';
import { findGrantedTokens, type GrantedTokensNeeds } from './find-granted-tokens.js';

export interface AcceptGrantNeeds extends GrantedTokensNeeds, ExchangeEventCodeNeeds {}

/** What AcceptGrant brings: a code of Login with Amazon, and the household's access token of ours. */
export interface PresentedGrantee {
  readonly code: string;
  readonly token: string;
  /** Whether Alexa brought it by itself, and no directive. @see R174 */
  readonly reciprocal?: true;
}

export type AcceptGrantResult = (
  | { readonly kind: 'accepted' }
  /** `message` is for the skill's developer. */
  | { readonly kind: 'failed'; readonly refusal: AcceptGrantRefusal; readonly message: string }
) & { readonly linkId?: string; readonly grantId?: string };

/**
 * Accepts the grant that Alexa hands a skill, or brings to its reciprocal address: the household's token says whose it is, the code is exchanged at Login with
 * Amazon, and it is accepted once the tokens are stored. Nothing is thrown: whatever goes wrong is a failed acceptance,
 * leaves the tokens that were there as they are, and can be tried again.
 * @see R148 R151 R159 R174, ADR 0019
 */
export async function acceptGrant(
  needs: AcceptGrantNeeds,
  skill: Skill,
  presented: PresentedGrantee,
  deadline: Deadline,
): Promise<AcceptGrantResult> {
  const way = presented.reciprocal && { data: { way: 'reciprocal' } };
  const where = { tenantId: skill.tenantId, skillId: skill.id, ...way };
  let found: { readonly linkId?: string; readonly grantId?: string } = {};
  try {
    if (!skill.events) {
      throw new NotAccepted('not_configured', "The skill has no `events` in the broker's configuration.");
    }
    found = await findGrantee(needs, skill, presented.token, deadline);
    const outcome = await exchangeEventCode(needs, skill, found.linkId ?? '', presented.code, deadline);
    needs.trace({ name: 'accept_grant.stored', ...where, ...found, outcome });
    return { kind: 'accepted', ...found };
  } catch (error) {
    const { refusal, message, detail } = error instanceof NotAccepted ? error : notAccepted(error);
    needs.trace({ name: 'accept_grant.failed', ...where, ...found, outcome: refusal, detail });
    return { kind: 'failed', refusal, message, ...found };
  }
}

const notAccepted = (error: unknown): NotAccepted => {
  const { cause } = error as { cause?: unknown };
  const known = cause instanceof Error ? cause : error;
  const detail = known instanceof Error ? known.message : 'unknown';
  return new NotAccepted('unavailable', 'The broker could not look right now; please try again.', detail);
};

/** Whose link the household's token stands for. */
async function findGrantee(
  needs: AcceptGrantNeeds,
  skill: Skill,
  token: string,
  deadline: Deadline,
): Promise<{ readonly linkId: string; readonly grantId: string }> {
  const access = await findGrantedTokens(needs, skill, token, deadline);
  if (access.kind === 'granted') return { linkId: access.granted.linkId, grantId: access.grantId };
  throw new NotAccepted(
    'grantee_refused',
    "The grantee's token is no access token of this skill that works.",
    access.reason,
  );
}

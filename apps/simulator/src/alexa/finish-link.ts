import type { Skill } from '../skills.js';
import type { AlexaAccount, LinkResult } from './accounts.js';
import { createLinkedSkill } from './linked-skill.js';
import { must } from './rules.js';
import { redeemCode, type Broker } from './token-endpoint.js';
import type { Returned } from './return.js';

type Back = Exclude<Returned, { kind: 'refused' }>;

/** Ends a link whose redirect was in order: redeems the code, or notes the error that came instead of one. */
export async function finishLink(
  account: AlexaAccount,
  skill: Skill,
  returned: Back,
  broker: Broker,
  now: () => number,
): Promise<LinkResult> {
  const { clientId } = skill;
  if (returned.kind === 'error') {
    const says = returned.description ? `${returned.error}: ${returned.description}` : returned.error;
    const run = { title: 'Account linking', at: now(), exchanges: [], findings: [must('R58', false, says)] };
    return { clientId, linked: false, run };
  }
  const { pending, code, findings } = returned;
  const { redirectUri, codeVerifier, scheme } = pending;
  const { exchange, verdict } = await redeemCode(broker, skill, scheme, { code, redirectUri, codeVerifier });
  if (verdict.tokens) account.links.set(clientId, createLinkedSkill(scheme, verdict.tokens, now()));
  const run = {
    title: 'Account linking',
    at: now(),
    exchanges: [exchange],
    findings: [...findings, ...verdict.findings],
  };
  return { clientId, linked: verdict.tokens !== undefined, run };
}

import { acceptGrant, handlerOf, type AcceptedGrant } from '../amazon/accept-grant.js';
import type { Skill } from '../skills.js';
import type { AlexaAccount, LinkResult } from './accounts.js';
import type { AlexaApp } from './alexa-app.js';
import { createLinkedSkill } from './linked-skill.js';
import { must } from './rules.js';
import { redeemCode } from './token-endpoint.js';
import type { Returned } from './return.js';

type Back = Exclude<Returned, { kind: 'refused' }>;

/** Ends a link whose redirect was in order: redeems the code, or notes the error that came instead of one. */
export async function finishLink(
  account: AlexaAccount,
  skill: Skill,
  returned: Back,
  app: AlexaApp,
): Promise<LinkResult> {
  const { clientId } = skill;
  const { now } = app;
  if (returned.kind === 'error') {
    const says = returned.description ? `${returned.error}: ${returned.description}` : returned.error;
    const run = { title: 'Account linking', at: now(), exchanges: [], findings: [must('R58', false, says)] };
    return { clientId, linked: false, run };
  }
  const { pending, code, findings } = returned;
  const { redirectUri, codeVerifier, scheme } = pending;
  const { exchange, verdict } = await redeemCode(app.broker(), skill, scheme, { code, redirectUri, codeVerifier });
  const granted = verdict.tokens && (await grantEvents(skill, verdict.tokens.accessToken, app));
  const linked = verdict.tokens !== undefined && granted?.accepted !== false;
  if (verdict.tokens && linked) account.links.set(clientId, createLinkedSkill(scheme, verdict.tokens, now()));
  const run = {
    title: 'Account linking',
    at: now(),
    exchanges: [exchange, ...(granted ? [granted.exchange] : [])],
    findings: [...findings, ...verdict.findings, ...(granted?.findings ?? [])],
  };
  return { clientId, linked, run };
}

/** With *Send Alexa Events* on, nothing is linked before AcceptGrant was accepted. @see R148 */
async function grantEvents(skill: Skill, token: string, app: AlexaApp): Promise<AcceptedGrant | undefined> {
  if (!skill.events || !skill.backend) return undefined;
  return acceptGrant(handlerOf(app.broker().url, skill, skill.backend), { code: app.amazon.issueCode(skill), token });
}

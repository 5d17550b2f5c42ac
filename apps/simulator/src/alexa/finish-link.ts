import { acceptGrant, handlerOf, type AcceptedGrant } from '../amazon/accept-grant.js';
import { bringReciprocalCode, type BroughtCode } from '../amazon/reciprocal.js';
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
  if (returned.kind === 'token') return keepToken(account, skill, returned, now());
  const { pending, code, findings } = returned;
  const { redirectUri, codeVerifier, scheme } = pending;
  const { exchange, verdict } = await redeemCode(app.broker(), skill, scheme, { code, redirectUri, codeVerifier });
  const granted = verdict.tokens && (await grantEvents(skill, verdict.tokens.accessToken, app));
  const linked = verdict.tokens !== undefined && granted?.accepted !== false;
  if (verdict.tokens && linked) account.links.set(clientId, createLinkedSkill(scheme, verdict.tokens, now()));
  const brought = linked ? await bringCode(skill, verdict.tokens.accessToken, app) : undefined;
  const more = [granted, brought].filter((one) => one !== undefined);
  const run = {
    title: 'Account linking',
    at: now(),
    exchanges: [exchange, ...more.map((one) => one.exchange)],
    findings: [...findings, ...verdict.findings, ...more.flatMap((one) => one.findings)],
  };
  return { clientId, linked, run };
}

/** The implicit grant: what came is all there will be. Where no end is told, it counts as a year. */
function keepToken(
  account: AlexaAccount,
  { clientId }: Skill,
  { pending, accessToken, expiresIn = yearSeconds, findings }: Extract<Back, { kind: 'token' }>,
  at: number,
): LinkResult {
  const tokens = { accessToken, refreshToken: undefined, expiresIn };
  account.links.set(clientId, createLinkedSkill(pending.scheme, tokens, at));
  return { clientId, linked: true, run: { title: 'Account linking', at, exchanges: [], findings } };
}

const yearSeconds = 365 * 24 * 3600;

/** Where the skill has a reciprocal address. Whatever comes of it, the link is there. @see R174 R177 */
async function bringCode(skill: Skill, token: string, app: AlexaApp): Promise<BroughtCode | undefined> {
  if (!skill.events?.reciprocal) return undefined;
  return bringReciprocalCode(app.broker(), skill, { code: app.amazon.issueCode(skill), token });
}

/** With *Send Alexa Events* on, nothing is linked before AcceptGrant was accepted. @see R148 */
async function grantEvents(skill: Skill, token: string, app: AlexaApp): Promise<AcceptedGrant | undefined> {
  if (!skill.events || !skill.backend) return undefined;
  const code = app.amazon.issueCode(skill);
  const granted = await acceptGrant(handlerOf(app.broker().url, skill, skill.backend), { code, token });
  app.amazon.noteAnswer(code, granted.accepted);
  return granted;
}

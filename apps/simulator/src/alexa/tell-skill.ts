import type { ToldEvent } from '../amazon/skill-events.js';
import type { Skill } from '../skills.js';
import type { AlexaAccount, LinkResult } from './accounts.js';
import type { AlexaApp } from './alexa-app.js';
import { should, type Finding } from './rules.js';

/** Tells the skill in signed events that an account was linked; what it answers does not undo that. @see R198 */
export async function tellLinked(
  app: AlexaApp,
  account: AlexaAccount,
  skill: Skill,
  result: LinkResult,
): Promise<LinkResult> {
  const link = account.links.get(skill.clientId);
  if (!result.linked || !link) return result;
  const told = await app.skillEvents.linked(account, skill, link.accessToken);
  const { run } = result;
  const exchanges = [...run.exchanges, ...told.map(({ exchange }) => exchange)];
  return { ...result, run: { ...run, exchanges, findings: [...run.findings, ...told.map(findingOf)] } };
}

/** Tells the skill that an account has disabled it; true when it has heard that. */
export async function tellDisabled(app: AlexaApp, account: AlexaAccount, skill: Skill): Promise<boolean> {
  const told = await app.skillEvents.disabled(account, skill);
  return told.length > 0 && told.every(({ status }) => status === 200);
}

const findingOf = ({ status }: ToldEvent): Finding =>
  should('R198', status === 200, `a signed event was ${status === 200 ? 'taken' : 'not taken'}`);

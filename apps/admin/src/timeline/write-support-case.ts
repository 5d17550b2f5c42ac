import { appVersionOf, platformOf, regionOf, supportCase, type SupportFacts } from '@linkbroker/alexa';
import type { TimelineEntry } from '@linkbroker/contracts';
import { notFound } from '../http/problem.js';
import { domainsOf } from './domains-of.js';
import type { ReadTimeline } from './read-timeline.js';

/** The case for Amazon's support about what a timeline shows. @throws ApiProblem where no skill is known */
export function writeSupportCase({ brokerUrl }: { readonly brokerUrl: string }, timeline: ReadTimeline): string {
  const { skill, entries, causes } = timeline;
  if (!skill) throw notFound('Nothing says which skill this was about.');
  const failure = causes.find(({ severity }) => severity === 'failure');
  const reference = failure?.reference ?? timeline.reference;
  return supportCase({
    skillName: skill.name,
    skillId: skill.alexaSkillId,
    at: failure?.at ?? entries.at(-1)?.at ?? null,
    ...placeOf(reference === null ? entries : entries.filter((entry) => entry.reference === reference)),
    authorizationUrl: `${brokerUrl}/oauth/authorize`,
    accessTokenUrl: `${brokerUrl}/oauth/token`,
    domains: domainsOf(brokerUrl, skill),
    implicit: skill.grantTypes.includes('implicit') && !skill.grantTypes.includes('authorization_code'),
    causes,
    reference,
  });
}

/** Where and with what a household tried, as far as its requests said it. */
function placeOf(entries: readonly TimelineEntry[]): Pick<SupportFacts, 'region' | 'platform' | 'appVersion'> {
  const userAgent = lastText(entries, 'userAgent');
  return {
    region: regionOf(lastText(entries, 'redirectUri') ?? ''),
    platform: platformOf(userAgent),
    appVersion: appVersionOf(userAgent ?? ''),
  };
}

function lastText(entries: readonly TimelineEntry[], field: string): string | undefined {
  const values = entries.map(({ data }) => data[field]);
  return values.findLast((value): value is string => typeof value === 'string');
}

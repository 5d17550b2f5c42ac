import { findCauses, type FoundCause } from '@linkbroker/alexa';
import type { TenantId, TimelineEntry } from '@linkbroker/contracts';
import type { TimelineLink, TimelineReader, TimelineSkill } from '@linkbroker/persistence';

export interface ReadTimelineNeeds {
  readonly now: () => Date;
  readonly timelines: Pick<TimelineReader, 'resolve' | 'link' | 'skill' | 'ofLink' | 'search'>;
}

/** A timeline with what it shows. */
export interface ReadTimeline {
  readonly tenantId: TenantId;
  /** Null where the attempt led to no link. */
  readonly link: TimelineLink | null;
  /** Null where nothing says which skill it was. */
  readonly skill: TimelineSkill | null;
  readonly reference: string | null;
  /** Oldest first. */
  readonly entries: readonly TimelineEntry[];
  /** The gravest first. */
  readonly causes: readonly FoundCause[];
}

/** The timeline of a link; undefined when nobody has such a link. */
export async function readLinkTimeline(
  { now, timelines }: ReadTimelineNeeds,
  linkId: string,
  limit: number,
): Promise<ReadTimeline | undefined> {
  const tenantId = await timelines.resolve({ linkId });
  const link = tenantId && (await timelines.link(tenantId, linkId));
  if (!link) return undefined;
  const skill = (await timelines.skill(tenantId, link.skillId)) ?? null;
  const entries = await timelines.ofLink(tenantId, linkId, limit);
  return { tenantId, link, skill, reference: null, entries, causes: causesOf(entries, { now: now(), link, skill }) };
}

/** What a support reference names: one attempt, from Alexa's request to the tokens; undefined when nobody knows it. */
export async function readAttempt(
  { now, timelines }: ReadTimelineNeeds,
  reference: string,
  limit: number,
): Promise<ReadTimeline | undefined> {
  const tenantId = await timelines.resolve({ reference });
  if (!tenantId) return undefined;
  const own = await timelines.search(tenantId, { reference }, limit);
  const linkId = own.findLast((entry) => entry.linkId !== null)?.linkId;
  const link = (linkId && (await timelines.link(tenantId, linkId))) || null;
  const skillId = own.find((entry) => entry.skillId !== null)?.skillId;
  const skill = (skillId && (await timelines.skill(tenantId, skillId))) || null;
  const later = linkId ? await timelines.ofLink(tenantId, linkId, limit) : [];
  const grants = new Set(own.flatMap(({ grantId }) => grantId ?? []));
  const redeemed = later.filter((entry) => entry.reference === null && grants.has(entry.grantId ?? ''));
  const entries = [...own, ...redeemed].sort((a, b) => a.at.getTime() - b.at.getTime());
  return { tenantId, link, skill, reference, entries, causes: causesOf(entries, { now: now(), link, skill }) };
}

function causesOf(
  entries: readonly TimelineEntry[],
  about: { readonly now: Date; readonly link: TimelineLink | null; readonly skill: TimelineSkill | null },
): FoundCause[] {
  return findCauses(entries, {
    now: about.now,
    accessTokenTtl: about.skill?.accessTokenTtl ?? 0,
    live: (about.link?.liveGrants ?? 0) > 0,
    sendsEvents: about.skill?.sendsEvents ?? false,
    redirectUris: about.skill?.redirectUris ?? [],
  });
}

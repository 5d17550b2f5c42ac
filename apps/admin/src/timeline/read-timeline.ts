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
  const all = await withRefusals(timelines, tenantId, await timelines.ofLink(tenantId, linkId, MOST));
  const causes = causesOf(all, { now: now(), link, skill });
  return { tenantId, link, skill, reference: null, entries: all.slice(-limit), causes };
}

/** What a support reference names: one attempt, from Alexa's request to the tokens; undefined when nobody knows it. */
export async function readAttempt(
  { now, timelines }: ReadTimelineNeeds,
  reference: string,
  limit: number,
): Promise<ReadTimeline | undefined> {
  const tenantId = await timelines.resolve({ reference });
  if (!tenantId) return undefined;
  const { entries: own } = await timelines.search(tenantId, { reference }, MOST);
  const linkId = own.findLast((entry) => entry.linkId !== null)?.linkId;
  const link = (linkId && (await timelines.link(tenantId, linkId))) || null;
  const skillId = own.find((entry) => entry.skillId !== null)?.skillId;
  const skill = (skillId && (await timelines.skill(tenantId, skillId))) || null;
  const later = linkId ? await timelines.ofLink(tenantId, linkId, MOST) : [];
  const grants = new Set(own.flatMap(({ grantId }) => grantId ?? []));
  const redeemed = later.filter((entry) => entry.reference === null && grants.has(entry.grantId ?? ''));
  const all = await withRefusals(timelines, tenantId, inOrder([...own, ...redeemed]));
  const causes = causesOf(all, { now: now(), link, skill });
  return { tenantId, link, skill, reference, entries: all.slice(-limit), causes };
}

/** Entries that causes are looked for in. */
const MOST = 1_000;
/** Alexa redeems a code within seconds; later the code has run out. */
const REDEEMS_WITHIN_MS = 10 * 60_000;

const inOrder = (entries: readonly TimelineEntry[]): TimelineEntry[] =>
  [...entries].sort((a, b) => a.at.getTime() - b.at.getTime());

/**
 * A token request that was refused for its secret says of no code which one it brought. Where one was issued and nobody
 * redeemed it, such requests of the same skill right after it belong to the story.
 */
async function withRefusals(
  timelines: ReadTimelineNeeds['timelines'],
  tenantId: TenantId,
  entries: TimelineEntry[],
): Promise<TimelineEntry[]> {
  const issued = entries.findLast(({ name }) => name === 'code.issued');
  if (!issued?.skillId) return entries;
  const redeemed = entries.some(({ name, grantId }) => name === 'token.answered' && grantId === issued.grantId);
  if (redeemed) return entries;
  const before = new Date(issued.at.getTime() + REDEEMS_WITHIN_MS).toISOString();
  const query = { name: 'client.refused', skillId: issued.skillId, from: issued.at, before };
  return inOrder([...entries, ...(await timelines.search(tenantId, query, FEW)).entries]);
}

const FEW = 5;

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

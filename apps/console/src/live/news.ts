import { LIVE_TOPICS, type LiveTopic } from '@linkbroker/contracts/api';

/** What is out of date where there is news of a topic: the first words of query keys, before the tenant. */
const STALE: Readonly<Record<LiveTopic, readonly string[]>> = {
  timeline: ['overview', 'traces', 'links', 'link', 'event-grants', 'first-link', 'support-case'],
  deliveries: ['deliveries', 'overview'],
  changes: ['skills', 'skill', 'connectors', 'connector', 'members', 'invitations', 'api-keys', 'audit', 'tenant'],
};

/** The topics of a message; those that this console does not know are left out. */
export function readNews(data: string): readonly LiveTopic[] {
  try {
    const told: unknown = JSON.parse(data);
    return Array.isArray(told) ? LIVE_TOPICS.filter((topic) => told.includes(topic)) : [];
  } catch {
    return [];
  }
}

/** Whether a query shows something that there is news of. */
export function isStale(queryKey: readonly unknown[], tenant: string, topics: readonly LiveTopic[]): boolean {
  const [what, whose] = queryKey;
  // A timeline is one link's, whose tenant its key does not say.
  if (what === 'timeline') return topics.includes('timeline');
  return whose === tenant && topics.some((topic) => STALE[topic].some((name) => name === what));
}

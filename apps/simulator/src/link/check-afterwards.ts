import {
  askBackend,
  askBackendAboutPrevious,
  askUpstreamToken,
  loseResponse,
  olderToken,
  refreshNow,
  tenAtOnce,
  type Action,
} from '../alexa/actions.js';
import type { LinkedSkill } from '../alexa/linked-skill.js';
import type { SettledOptions } from './options.js';
import type { Transcript } from './transcript.js';

interface Episode {
  readonly title: string;
  readonly action: Action;
  readonly needsBackend?: boolean;
  /** It is about refreshing, which the implicit grant has nothing for. */
  readonly refreshes?: boolean;
}

/** The life of a link after its first hour, in the order in which each step finds something to work on. */
const episodes: readonly Episode[] = [
  { title: "The skill's backend asks whose access token this is", action: askBackend, needsBackend: true },
  {
    title: "The skill's backend asks for the upstream's access token",
    action: askUpstreamToken,
    needsBackend: true,
  },
  { title: 'Alexa refreshes', action: refreshNow, refreshes: true },
  {
    title: 'A directive still carries the previous access token',
    action: askBackendAboutPrevious,
    needsBackend: true,
    refreshes: true,
  },
  { title: 'A lost response: Alexa tries again with the old refresh token', action: loseResponse, refreshes: true },
  { title: 'Ten refreshes at once', action: tenAtOnce, refreshes: true },
  { title: 'Alexa refreshes with an older token', action: olderToken, refreshes: true },
  { title: "The skill's backend asks once more", action: askBackend, needsBackend: true },
];

/** More exchanges than this in one step are told by their first. */
const exchangesShown = 2;

/** Lives through all episodes; a failed one stands in the transcript and does not stop the next. */
export async function checkAfterwards(
  options: SettledOptions,
  transcript: Transcript,
  link: LinkedSkill,
): Promise<void> {
  const { skill, now, brokerUrl, tokenDeadlineMs } = options;
  const context = { broker: { url: brokerUrl, deadlineMs: tokenDeadlineMs }, skill, link, now };
  const refreshable = link.refreshToken !== '';
  for (const { title, action, needsBackend, refreshes } of episodes) {
    if ((needsBackend && !skill.backend) || (refreshes && !refreshable)) continue;
    transcript.step(title);
    const run = await action(context);
    const all = run.exchanges.length <= exchangesShown;
    for (const exchange of all ? run.exchanges : run.exchanges.slice(0, 1)) transcript.exchange(exchange);
    if (!all) transcript.note(`… and ${run.exchanges.length - 1} more like it`);
    transcript.findings(run.findings);
  }
}

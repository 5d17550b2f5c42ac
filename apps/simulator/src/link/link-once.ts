import { performance } from 'node:perf_hooks';
import type { LinkedSkill } from '../alexa/linked-skill.js';
import { checkAfterwards } from './check-afterwards.js';
import { settle, type LinkOnceOptions, type SettledOptions } from './options.js';
import { performLink } from './perform-link.js';
import { explain } from './stuck.js';
import { Transcript, type Failure } from './transcript.js';

export interface LinkReport {
  readonly ok: boolean;
  /** What Alexa stores afterwards; absent when the link failed. Holds live tokens. */
  readonly link: LinkedSkill | undefined;
  /** From opening the authorization page to the stored link. */
  readonly ms: number;
  readonly passed: number;
  readonly warned: number;
  readonly failures: readonly Failure[];
}

/** The last line: what came of it, and the first failure if there is one. */
function conclude(transcript: Transcript, options: SettledOptions, linked: boolean, ms: number): void {
  const { passed, warned, failures } = transcript;
  const who = `${options.skill.clientId} as ${options.user}`;
  const [first] = failures;
  const counted = `${passed} checks passed${warned > 0 ? `, ${warned} to look at` : ''}`;
  transcript.line();
  if (!linked) {
    transcript.line(transcript.paint(`Not linked: ${who} — ${first?.step}: ${first?.rule} ${first?.says}`, 'red'));
  } else if (first) {
    const failed = `${failures.length} failed: ${first.step}: ${first.rule} ${first.says}`;
    transcript.line(transcript.paint(`Linked with faults: ${who} in ${ms} ms — ${counted}, ${failed}`, 'red'));
  } else {
    transcript.line(transcript.paint(`Linked: ${who} in ${ms} ms — ${counted}`, 'green'));
  }
}

/**
 * One link as Alexa and a household's phone would perform it, and what happens to its tokens afterwards. It never opens an
 * address of Amazon's. Whatever fails is in the report and the transcript, with the rule and what it means.
 */
export async function linkOnce(given: LinkOnceOptions): Promise<LinkReport> {
  const options = settle(given);
  const { skill, user, brokerUrl } = options;
  const transcript = new Transcript(options.write, options.colour);
  transcript.line(`Linking ${skill.name} (${skill.clientId}) as ${user} through ${brokerUrl}`);
  const started = performance.now();
  const elapsed = () => Math.round(performance.now() - started);
  let link: LinkedSkill | undefined;
  let linkedAfter: number | undefined;
  try {
    link = await performLink(options, transcript);
    linkedAfter = elapsed();
    if (options.thorough) await checkAfterwards(options, transcript, link);
  } catch (error) {
    const finding = explain(error, brokerUrl);
    if (finding) transcript.finding(finding);
  }
  const ms = linkedAfter ?? elapsed();
  conclude(transcript, options, link !== undefined, ms);
  const { passed, warned, failures } = transcript;
  return { ok: link !== undefined && failures.length === 0, link, ms, passed, warned, failures };
}

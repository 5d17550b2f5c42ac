import type { Skill } from '../skills.js';
import type { Exchange } from './exchange.js';
import { exchangeToken } from './exchange-token.js';
import { introspect } from './introspect.js';
import { adopt, type LinkedSkill } from './linked-skill.js';
import { isFailure, must, type Finding } from './rules.js';
import { refresh, type Broker, type TokenOutcome } from './token-endpoint.js';

/** One thing done to a link: what was sent, what came back, and what the rules say to it. */
export interface Run {
  readonly title: string;
  readonly at: number;
  readonly exchanges: readonly Exchange[];
  readonly findings: readonly Finding[];
}

export interface ActionContext {
  readonly broker: Broker;
  readonly skill: Skill;
  readonly link: LinkedSkill;
  readonly now: () => number;
}

export type Action = (context: ActionContext) => Promise<Run>;

function settle({ link, now }: ActionContext, outcome: TokenOutcome): void {
  if (outcome.verdict.tokens) adopt(link, outcome.verdict.tokens, now());
  else if (outcome.verdict.dead) link.lost = outcome.verdict.findings[0]?.says ?? 'invalid_grant';
}

function run(context: ActionContext, title: string, outcomes: readonly TokenOutcome[], extra: readonly Finding[]): Run {
  const exchanges = outcomes.map((outcome) => outcome.exchange);
  return { title, at: context.now(), exchanges, findings: [...extra, ...mergeFindings(outcomes)] };
}

/** Ten equal answers need no ten equal lines: each failure once, and what passed everywhere once. */
function mergeFindings(outcomes: readonly TokenOutcome[]): readonly Finding[] {
  const merged = new Map<string, Finding>();
  for (const finding of outcomes.flatMap((outcome) => outcome.verdict.findings)) {
    const known = merged.get(finding.rule);
    if (!known || (known.ok && !finding.ok)) merged.set(finding.rule, finding);
  }
  return [...merged.values()];
}

const send = ({ broker, skill, link }: ActionContext, token: string, title?: string) =>
  refresh(broker, skill, link.scheme, token, title);

const answered = (outcome: TokenOutcome): boolean => outcome.verdict.tokens !== undefined;

/** The refresh that Alexa does by itself shortly before the access token expires. */
export const refreshNow: Action = async (context) => {
  const outcome = await send(context, context.link.refreshToken);
  settle(context, outcome);
  return run(context, 'Refresh', [outcome], []);
};

/** An answer that Alexa never got: it still holds the old refresh token and tries again with it. */
export const loseResponse: Action = async (context) => {
  const token = context.link.refreshToken;
  const lost = await send(context, token, 'Alexa refreshes; the answer gets lost');
  const again = await send(context, token, 'Alexa tries again with the old refresh token');
  settle(context, again);
  const dropped = { ...lost, exchange: { ...lost.exchange, note: 'Alexa never saw this answer.' } };
  const says = answered(again)
    ? 'the second try with the same token succeeded'
    : 'the second try with the same token failed';
  return run(context, 'Lost response', [dropped, again], [must('R108', answered(again), says)]);
};

const parallel = 10;

/** Alexa is distributed: ten of its servers refresh at once with the same token. */
export const tenAtOnce: Action = async (context) => {
  const token = context.link.refreshToken;
  const numbers = Array.from({ length: parallel }, (_, index) => index + 1);
  const outcomes = await Promise.all(numbers.map((number) => send(context, token, `Refresh ${number} of ${parallel}`)));
  const good = outcomes.filter(answered);
  // Alexa keeps the answer that was stored last; it deletes the link only when nobody got tokens.
  for (const outcome of good.length > 0 ? good.slice(-1) : outcomes) settle(context, outcome);
  const distinct = new Set(good.map((outcome) => outcome.verdict.tokens?.refreshToken)).size;
  const tokens = distinct === 1 ? 'all with the same refresh token' : `with ${distinct} different refresh tokens`;
  const says = `${good.length} of ${parallel} succeeded${good.length > 0 ? `, ${tokens}` : ''}`;
  return run(context, 'Ten refreshes at once', outcomes, [must('R106', good.length === parallel, says)]);
};

/** After an outage on its side Alexa may present the oldest refresh token it finds. A refusal leaves the link alone. */
export const olderToken: Action = async (context) => {
  const { link } = context;
  const token = link.older[0];
  if (token === undefined) {
    const says = 'the server has not changed the refresh token yet, so there is no older one';
    return { title: 'Older token', at: context.now(), exchanges: [], findings: [must('R100', true, says)] };
  }
  const outcome = await send(context, token, `Alexa refreshes with a token ${link.older.length} behind`);
  if (answered(outcome)) settle(context, outcome);
  const says = `a refresh token ${link.older.length} behind ${answered(outcome) ? 'still works' : 'was refused'}`;
  return run(context, 'Older token', [outcome], [must('R100', answered(outcome), says)]);
};

/** What the skill's own server asks when a directive with the access token arrives. */
export const askBackend: Action = async ({ broker, skill, link, now }) => {
  const title = 'Skill backend';
  if (!skill.backend) return { title, at: now(), exchanges: [], findings: [] };
  const { exchange, findings } = await introspect(broker, { ...skill, backend: skill.backend }, link.accessToken);
  return { title, at: now(), exchanges: [exchange], findings };
};

/** What the skill's own server asks before it calls the upstream's API. */
export const askUpstreamToken: Action = async ({ broker, skill, link, now }) => {
  const title = 'Upstream token';
  if (!skill.backend) return { title, at: now(), exchanges: [], findings: [] };
  const { exchange, finding } = await exchangeToken(broker, skill.backend, link.accessToken);
  return { title, at: now(), exchanges: [exchange], findings: [finding] };
};

/** The same about the access token before the last refresh, which directives under way still carry. */
export const askBackendAboutPrevious: Action = async ({ broker, skill, link, now }) => {
  const title = 'Previous access token';
  if (!skill.backend || link.previousAccessToken === undefined)
    return { title, at: now(), exchanges: [], findings: [] };
  const asked = "The skill's backend asks about the previous access token";
  const told = await introspect(broker, { ...skill, backend: skill.backend }, link.previousAccessToken, asked);
  const says = told.active ? 'the previous access token is still good' : 'the previous access token is dead';
  return { title, at: now(), exchanges: [told.exchange], findings: [must('R107', told.active, says)] };
};

export const succeeded = (done: Run): boolean => !done.findings.some(isFailure);

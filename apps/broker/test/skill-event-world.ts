import { eventually } from '@linkbroker/testing';
import { randomUUID } from 'node:crypto';
import { linked, refresh, type Answer } from './alexa.js';
import {
  postSkillEvent,
  skillEvent,
  SKILL_ID,
  startAlexaSigner,
  type AlexaSigner,
  type EventChange,
} from './alexa-signer.js';
import { ALEXA, startTestBroker, type TestBroker } from './test-broker.js';

/** A skill event's entry on a timeline, or the end of a grant. */
export interface Entry {
  readonly name: string;
  readonly outcome: string | null;
  readonly detail: string | null;
  readonly link_id: string | null;
  readonly alexa_user: string | null;
  readonly tenant: string;
}

interface Household {
  readonly access: string;
  readonly refresh: string;
  readonly userId: string;
}

/** A broker and Alexa as far as it signs: two skills know their id at Amazon, the others do not. */
export interface SkillEventWorld {
  readonly broker: TestBroker;
  readonly signer: AlexaSigner;
  /** Posts a body, signed; headers may be changed or left out. */
  post(body: string, headers?: Record<string, string | undefined>, skill?: string): Promise<Answer>;
  /** Posts an event of now. */
  tell(name: string, change?: EventChange, skill?: string): Promise<Answer>;
  /** A household that has linked, and whose Alexa has said so. */
  household(userId?: string): Promise<Household>;
  /** Whether a household’s refresh token works. */
  lives(pair: Pick<Household, 'refresh'>): Promise<boolean>;
  /** So many milliseconds from now, by the broker’s clock. */
  later(ms: number): Date;
  entries(): Promise<Entry[]>;
  /** Waits until the timeline has such an entry; the newest. */
  entryOf(what: string, fits: (entry: Entry) => boolean): Promise<Entry>;
  told(outcome: string, name?: string): Promise<Entry>;
  close(): Promise<void>;
}

const withSkillIds = (yaml: string): string =>
  yaml
    .replace('        name: Acme Lights\n', `        name: Acme Lights\n        skillId: ${SKILL_ID}\n`)
    .replace('slug: lamps, name: Lamps,', `slug: lamps, name: Lamps, skillId: ${SKILL_ID},`);

export const newUser = (): string => `amzn1.ask.account.${randomUUID()}`;

export async function startSkillEventWorld(): Promise<SkillEventWorld> {
  const signer = await startAlexaSigner();
  const broker = await startTestBroker(undefined, signer.variables);
  await broker.apply(withSkillIds);
  const now = () => broker.clock.now();
  const post: SkillEventWorld['post'] = async (body, headers = {}, skill = ALEXA.clientId) =>
    postSkillEvent(broker.url, skill, body, await signer.headers(body, headers));
  const tell: SkillEventWorld['tell'] = (name, change = {}, skill = ALEXA.clientId) =>
    post(skillEvent(name, now(), change), {}, skill);
  const household: SkillEventWorld['household'] = async (userId = newUser()) => {
    const pair = await linked(broker, ALEXA);
    const answer = await tell('SkillAccountLinked', { userId, accessToken: pair.access });
    expect([answer.status, answer.body]).toEqual([200, {}]);
    return { ...pair, userId };
  };
  const lives: SkillEventWorld['lives'] = async ({ refresh: token }) => {
    const { status, body } = await refresh(broker, ALEXA, token);
    if (status !== 200) expect(body['error']).toBe('invalid_grant');
    return status === 200;
  };
  const timeline = timelineOf(broker);
  const close = async (): Promise<void> => {
    await broker.close();
    await signer.close();
  };
  const later = (ms: number): Date => new Date(now().getTime() + ms);
  return { broker, signer, post, tell, household, lives, later, ...timeline, close };
}

function timelineOf(broker: TestBroker): Pick<SkillEventWorld, 'entries' | 'entryOf' | 'told'> {
  const entries = () =>
    broker.database.sql<Entry>(
      `SELECT e.name, e.outcome, e.detail, e.link_id, e.alexa_user, t.slug AS tenant
       FROM linkbroker_timeline.entries e JOIN linkbroker.tenants t ON t.id = e.tenant_id
       WHERE e.name LIKE 'skill_event.%' OR e.name = 'grant.revoked' ORDER BY e.at`,
    );
  const entryOf: SkillEventWorld['entryOf'] = (what, fits) =>
    eventually(what, async () => (await entries()).findLast(fits), 10_000);
  const told: SkillEventWorld['told'] = (outcome, name = 'skill_event.refused') =>
    entryOf(`${name} ${outcome}`, (entry) => entry.name === name && entry.outcome === outcome);
  return { entries, entryOf, told };
}

import type { Deadline, TenantId } from '@linkbroker/contracts';
import type { Database } from '../database/database.js';

/** One of Alexa's skill events, as it is to be handled once. */
export interface NotedSkillEvent {
  readonly skillId: string;
  /** Alexa's id of the request. */
  readonly requestId: string;
  /** Keyed fingerprint of Alexa's id of the user; null where the event names none. */
  readonly user: Buffer | null;
}

/** An event about a user, and when that happened by Alexa's clock. */
export interface TimedSkillEvent extends NotedSkillEvent {
  readonly user: Buffer;
  readonly at: Date;
}

export interface TiedGrant {
  readonly grantId: string;
  readonly linkId: string;
}

/** What came of an event. */
export interface HandledSkillEvent {
  /** What the user has linked, the newest first and at most 20. */
  readonly ties: readonly TiedGrant[];
  /** What has just been ended. */
  readonly ended: readonly TiedGrant[];
}

/**
 * What Alexa's skill events say. Each verb handles an event once: undefined where it was handled before.
 * @throws DatabaseUnavailable when it could not look
 * @see ADR 0020
 */
export class SkillEventsStore {
  constructor(private readonly database: Database) {}

  /** Notes an event that changes nothing. */
  note(
    tenantId: TenantId,
    { skillId, requestId, user }: NotedSkillEvent,
    now: Date,
    deadline: Deadline,
  ): Promise<HandledSkillEvent | undefined> {
    return this.handle(NOTE, [tenantId, skillId, requestId, user, now], deadline);
  }

  /** Ties a grant of the skill to who linked it; where he has disabled the skill since, it is ended at once. */
  tie(
    tenantId: TenantId,
    { skillId, requestId, user, grantId, at }: TimedSkillEvent & { readonly grantId: string },
    now: Date,
    deadline: Deadline,
  ): Promise<HandledSkillEvent | undefined> {
    return this.handle(TIE, [tenantId, skillId, requestId, user, grantId, at, now], deadline);
  }

  /** Ends what a user had linked before he disabled the skill; what was linked after that stays. */
  disable(
    tenantId: TenantId,
    { skillId, requestId, user, at }: TimedSkillEvent,
    now: Date,
    deadline: Deadline,
  ): Promise<HandledSkillEvent | undefined> {
    return this.handle(DISABLE, [tenantId, skillId, requestId, user, at, now], deadline);
  }

  /** Whether an event was handled. */
  async wasHandled(
    tenantId: TenantId,
    { skillId, requestId }: Pick<NotedSkillEvent, 'skillId' | 'requestId'>,
    deadline: Deadline,
  ): Promise<boolean> {
    const values = [tenantId, skillId, requestId];
    const [row] = await this.database.query<{ handled: boolean }>(HANDLED, values, deadline);
    return row?.handled ?? false;
  }

  private async handle(
    statement: typeof NOTE,
    values: readonly unknown[],
    deadline: Deadline,
  ): Promise<HandledSkillEvent | undefined> {
    const [row] = await this.database.query<{ handled: HandledSkillEvent | null }>(statement, [...values], deadline);
    return row?.handled ?? undefined;
  }
}

const NOTE = { name: 'note_skill_event', text: 'SELECT linkbroker.note_skill_event($1, $2, $3, $4, $5) AS handled' };
const HANDLED = { name: 'skill_event_handled', text: 'SELECT linkbroker.skill_event_handled($1, $2, $3) AS handled' };
const TIE = {
  name: 'tie_alexa_user',
  text: 'SELECT linkbroker.tie_alexa_user($1, $2, $3, $4, $5, $6, $7) AS handled',
};
const DISABLE = {
  name: 'disable_alexa_user',
  text: 'SELECT linkbroker.disable_alexa_user($1, $2, $3, $4, $5, $6) AS handled',
};

import { randomBytes, randomUUID } from 'node:crypto';
import { describeAnswer, type Exchange, type ShownRequest } from '../alexa/exchange.js';
import type { SimulatorContext } from '../context.js';
import { NoAnswer, send } from '../http/send.js';
import type { Skill } from '../skills.js';
import { SigningAuthority } from './signing-authority.js';

/** What can be wrong with an event. */
export const skillEventFaults = [
  'forged-signature',
  'wrong-host',
  'dotted-path',
  'expired-certificate',
  'old-timestamp',
  'wrong-skill',
] as const;
export type SkillEventFault = (typeof skillEventFaults)[number];

export interface SentEvent {
  /** `SkillDisabled`, `SkillAccountLinked` … */
  readonly name: string;
  readonly userId: string;
  readonly accessToken?: string | undefined;
  /** The same id again is the same event again. */
  readonly requestId?: string | undefined;
  /** Milliseconds since 1970; now, where it is not given. */
  readonly happenedAt?: number | undefined;
  readonly fault?: SkillEventFault | undefined;
}

export interface ToldEvent {
  /** The status of the answer; null where there was none. */
  readonly status: number | null;
  readonly exchange: Exchange;
}

/** How long Alexa waits for a skill. @see R147 */
const skillDeadlineMs = 8000;
/** Older than every event may be. @see R204 */
const oldMs = 2 * 3_600_000;

/**
 * Alexa's events about a skill, signed as Alexa signs them, with a certificate of the simulator's own authority.
 * @see R198–R205
 */
export class SkillEvents {
  readonly authority: SigningAuthority;
  /** What is wrong with the next events, one each. */
  readonly faults: SkillEventFault[] = [];
  /** Who an account is to a skill; another one after each enablement. */
  private readonly users = new WeakMap<object, Map<string, string>>();

  /** `on`: whether households' actions in the Alexa app are told. */
  constructor(
    private readonly context: SimulatorContext,
    private readonly on: boolean,
  ) {
    this.authority = new SigningAuthority(context.now);
  }

  /** Tells that an account has enabled a skill and linked it. */
  async linked(account: object, skill: Skill, accessToken: string): Promise<readonly ToldEvent[]> {
    if (!this.tells(skill)) return [];
    const userId = `amzn1.ask.account.${randomBytes(32).toString('hex').toUpperCase()}`;
    const users = this.users.get(account) ?? new Map<string, string>();
    this.users.set(account, users.set(skill.clientId, userId));
    return [
      await this.send(skill, { name: 'SkillEnabled', userId }),
      await this.send(skill, { name: 'SkillAccountLinked', userId, accessToken }),
    ];
  }

  /** Tells that an account has disabled a skill. */
  async disabled(account: object, skill: Skill): Promise<readonly ToldEvent[]> {
    const userId = this.users.get(account)?.get(skill.clientId);
    if (!this.tells(skill) || userId === undefined) return [];
    this.users.get(account)?.delete(skill.clientId);
    return [await this.send(skill, { name: 'SkillDisabled', userId })];
  }

  /** Sends an event, as it is or with a fault. */
  async send(skill: Skill, event: SentEvent): Promise<ToldEvent> {
    const fault = event.fault ?? this.faults.shift();
    const body = this.body(skill, event, fault);
    const signer = await this.authority.signer(fault === 'expired-certificate');
    const url = `${this.context.brokerUrl()}/alexa/${encodeURIComponent(skill.clientId)}/skill-events`;
    const headers = {
      'Content-Type': 'application/json; charset=utf-8',
      SignatureCertChainUrl: this.certificateUrl(signer.file, fault),
      'Signature-256': await signer.sign(fault === 'forged-signature' ? `${body} ` : body),
    };
    const params = [
      ['request.type', `AlexaSkillEvent.${event.name}`],
      ...(fault ? [['fault', fault] as const] : []),
    ] as const;
    const request: ShownRequest = { method: 'POST', url, params };
    const title = `Alexa tells the skill: ${event.name}`;
    try {
      const answer = await send({ method: 'POST', url, headers, body }, skillDeadlineMs);
      return { status: answer.status, exchange: { title, request, answer: describeAnswer(answer) } };
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      return { status: null, exchange: { title, request, answer: { problem: error.message, ms: error.ms } } };
    }
  }

  private tells({ skillId }: Skill): boolean {
    return this.on && Boolean(skillId);
  }

  private certificateUrl(file: string, fault: SkillEventFault | undefined): string {
    if (fault === 'wrong-host') return `https://s3.amazonaws.com.evil.example/echo.api/${file}`;
    const folder = fault === 'dotted-path' ? 'echo.api/../evil.api' : 'echo.api';
    return `${this.context.url()}/${folder}/${file}`;
  }

  private body(skill: Skill, event: SentEvent, fault: SkillEventFault | undefined): string {
    const { name, userId, accessToken, requestId = randomUUID(), happenedAt } = event;
    const now = this.context.now();
    const time = (ms: number): string => new Date(ms).toISOString();
    const applicationId = fault === 'wrong-skill' ? 'amzn1.ask.skill.another' : (skill.skillId ?? '');
    return JSON.stringify({
      version: '1.0',
      context: {
        System: {
          application: { applicationId },
          user: { userId, ...(accessToken !== undefined && { accessToken }) },
          apiEndpoint: 'https://api.amazonalexa.com',
        },
      },
      request: {
        type: `AlexaSkillEvent.${name}`,
        requestId,
        timestamp: time(fault === 'old-timestamp' ? now - oldMs : now),
        eventCreationTime: time(happenedAt ?? now),
        eventPublishingTime: time(now),
        ...(accessToken !== undefined && { body: { accessToken } }),
      },
    });
  }
}

import { buildLwaCodeExchange, readLwaAnswer, type LwaAnswer, type LwaTokens } from '@linkbroker/alexa';
import type { Deadline, Skill, TenantId } from '@linkbroker/contracts';
import { uuidV7 } from '@linkbroker/protocol';
import { setTimeout as pause } from 'node:timers/promises';
import {
  openEventsSecret,
  scheduleEventRefresh,
  sealEventTokens,
  type EventAttemptEnd,
  type EventGrantState,
  type EventTokensAnswer,
} from './event-grant-needs.js';
import type { Ambient } from './needs.js';
import { reach, wasNotSent, type UpstreamNeeds } from './upstream-needs.js';
import { expiryOf, randomShare, type Fingerprint, type VaultNeeds } from './upstream-secrets.js';

export interface ExchangeEventCodeNeeds extends Ambient, VaultNeeds, Pick<UpstreamNeeds, 'egress'> {
  readonly fingerprint: Fingerprint;
  /** The token endpoint of Login with Amazon. */
  readonly lwaTokenUrl: string;
  readonly eventGrants: {
    begin(
      tenantId: TenantId,
      attempt: {
        skillId: string;
        linkId: string;
        newId: string;
        code: Buffer;
        keepMs: number;
        leaseMs: number;
      },
      now: Date,
      deadline: Deadline,
    ): Promise<BegunGrant>;
    finish(tenantId: TenantId, answer: EventTokensAnswer, now: Date, deadline: Deadline): Promise<boolean>;
    fail(tenantId: TenantId, end: EventAttemptEnd, now: Date, deadline: Deadline): Promise<EventGrantState>;
  };
}

type BegunGrant =
  | { readonly kind: 'claimed'; readonly id: string; readonly fence: number; readonly version: number }
  | { readonly kind: 'accepted' }
  | { readonly kind: 'under-way' };

/** Why a grant was not accepted, in one word, for the trace. */
export type AcceptGrantRefusal = 'not_configured' | 'grantee_refused' | 'lwa_refused' | 'superseded' | 'unavailable';

/** How long the same code is answered as it was: whoever sends it again did not hear the answer. @see R162 */
const KEEP_MS = 10 * 60_000;
/** Longer than any request lasts. */
const LEASE_MS = 6_000;
/** Kept back from a deadline for storing what came. */
const STORE_MS = 900;
const POLL_MS = 100;
const BETWEEN_TRIES_MS = 100;

/** A failure with what is told of it; `detail` goes to the trace only. */
export class NotAccepted extends Error {
  constructor(
    readonly refusal: AcceptGrantRefusal,
    message: string,
    readonly detail: string = message,
  ) {
    super(message);
  }
}

/**
 * Exchanges a code for a link and stores what it brings. The same code has one exchange, whoever sends it how often.
 * @returns whether the tokens were stored now, or the code had brought them before
 * @throws NotAccepted, and what the stores throw: the tokens that were there stay as they are
 * @see R159 R162, ADR 0019
 */
export async function exchangeEventCode(
  needs: ExchangeEventCodeNeeds,
  skill: Skill,
  linkId: string,
  code: string,
  deadline: Deadline,
): Promise<'stored' | 'repeated'> {
  const { clientId = '', sealedSecret = '' } = skill.events ?? {};
  const sealed = Buffer.from(sealedSecret, 'base64');
  const clientSecret = await openEventsSecret(needs, skill.tenantId, skill.id, sealed, deadline);
  const request = buildLwaCodeExchange(needs.lwaTokenUrl, { clientId, clientSecret }, code);
  const fingerprint = needs.fingerprint('lwa-code', [skill.id, code]);
  const begun = await begin(needs, skill, linkId, fingerprint, deadline);
  if (begun === 'accepted') return 'repeated';
  // An answer may wait in a process that stands still: what it brings lives from before it was asked for.
  const asked = needs.now();
  let answer: LwaAnswer;
  try {
    const send = {
      ...request,
      purpose: 'upstream',
      deadline: deadline - STORE_MS,
      circuit: `lwa ${skill.id}`,
    } as const;
    answer = readLwaAnswer(await reach(() => needs.egress.send(send)));
  } catch (error) {
    const outcome = wasNotSent(error) ? 'not-sent' : 'transient';
    await end(needs, skill, { ...begun, outcome, errorCode: null, dueAt: null }, deadline);
    const detail = error instanceof Error ? error.message : 'unknown';
    throw new NotAccepted('unavailable', 'Login with Amazon did not answer in time.', detail);
  }
  if (answer.kind === 'refused') return refuse(needs, skill, begun, answer, deadline);
  await store(needs, skill, begun, answer.tokens, { asked, fingerprint }, deadline);
  return 'stored';
}

type Claimed = Extract<BegunGrant, { kind: 'claimed' }>;

/** Takes the right to exchange the code; waits while somebody else exchanges it. */
async function begin(
  needs: ExchangeEventCodeNeeds,
  skill: Skill,
  linkId: string,
  code: Buffer,
  deadline: Deadline,
): Promise<Claimed | 'accepted'> {
  const newId = uuidV7(needs.now(), needs.randomBytes(10));
  const attempt = { skillId: skill.id, linkId, newId, code, keepMs: KEEP_MS, leaseMs: LEASE_MS };
  for (;;) {
    const begun = await needs.eventGrants.begin(skill.tenantId, attempt, needs.now(), deadline);
    if (begun.kind === 'claimed') return begun;
    if (begun.kind === 'accepted') return 'accepted';
    if (performance.now() + POLL_MS > deadline - STORE_MS) {
      throw new NotAccepted('unavailable', 'The same code is being exchanged already.');
    }
    await pause(POLL_MS);
  }
}

async function refuse(
  needs: ExchangeEventCodeNeeds,
  skill: Skill,
  begun: Claimed,
  { failure, code, reason }: Extract<LwaAnswer, { kind: 'refused' }>,
  deadline: Deadline,
): Promise<never> {
  await end(needs, skill, { ...begun, outcome: failure, errorCode: code, dueAt: null }, deadline);
  const message = {
    terminal: 'Login with Amazon refused the code.',
    misconfigured: "Login with Amazon refused the client of the skill's `events`.",
    transient: 'Login with Amazon did not answer as it should.',
  }[failure];
  throw new NotAccepted(failure === 'transient' ? 'unavailable' : 'lwa_refused', message, reason);
}

/** Gives the lease back. Where that does not work it runs out by itself. */
async function end(
  needs: ExchangeEventCodeNeeds,
  skill: Skill,
  attempt: EventAttemptEnd,
  deadline: Deadline,
): Promise<void> {
  const { id, fence, outcome, errorCode, dueAt } = attempt;
  const ended = { id, fence, outcome, errorCode, dueAt };
  await needs.eventGrants.fail(skill.tenantId, ended, needs.now(), deadline).catch(() => undefined);
}

/** Stores what came, as often as the deadline allows: the code is spent. */
async function store(
  needs: ExchangeEventCodeNeeds,
  skill: Skill,
  { id, fence, version: before }: Claimed,
  { accessToken, refreshToken, expiresIn }: LwaTokens,
  { asked, fingerprint: code }: { readonly asked: Date; readonly fingerprint: Buffer },
  deadline: Deadline,
): Promise<void> {
  const { tenantId } = skill;
  if (refreshToken === null) {
    await end(needs, skill, { id, fence, outcome: 'transient', errorCode: null, dueAt: null }, deadline);
    throw new NotAccepted('lwa_refused', 'Login with Amazon gave no refresh token.');
  }
  const version = before + 1;
  const accessExpiresAt = expiryOf(asked, expiresIn) ?? asked;
  const schedule = scheduleEventRefresh(needs.now(), accessExpiresAt, randomShare(needs.randomBytes));
  const sealed = await sealEventTokens(needs, tenantId, { id, version }, { accessToken, refreshToken }, deadline);
  const answer = { id, fence, version, accessExpiresAt, ...schedule, sealed, code };
  for (;;) {
    try {
      if (await needs.eventGrants.finish(tenantId, answer, needs.now(), deadline)) return;
      throw new NotAccepted('superseded', 'A newer AcceptGrant of the same link came meanwhile.');
    } catch (error) {
      if (error instanceof NotAccepted) throw error;
      if (performance.now() + BETWEEN_TRIES_MS >= deadline) {
        const detail = error instanceof Error ? error.message : 'unknown';
        needs.trace({
          name: 'incident.token_not_stored',
          tenantId,
          skillId: skill.id,
          detail: `event grant: ${detail}`,
        });
        throw error;
      }
      await pause(BETWEEN_TRIES_MS);
    }
  }
}

import { parseJson } from '@linkbroker/protocol';
import { z } from 'zod';

/** Printable ASCII: what Amazon's ids are made of, and a database can hold. */
const id = z.string().regex(/^[!-~]{1,512}$/);
const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
/** @see R86 */
const token = z.string().min(1).max(4_096);

/** What every request of Alexa's has. Unknown members are let through: Amazon may add some. */
const anyRequest = z.object({
  context: z.object({
    System: z.object({
      application: z.object({ applicationId: id }),
      user: z.object({ userId: id.optional(), accessToken: token.nullish() }).optional(),
    }),
  }),
  request: z.object({ type: z.string().min(1).max(200), requestId: id, timestamp: time }),
});

/** What is an event's own. @see R199 */
const eventRequest = z.object({
  request: z.object({
    eventCreationTime: time.nullish(),
    body: z.object({ accessToken: token.nullish() }).nullish(),
  }),
});

/** A request of Alexa's, as far as it says whose it is and when it was made. */
export interface AlexaRequest {
  readonly type: string;
  readonly requestId: string;
  readonly timestamp: Date;
  /** Amazon's id of the skill. @see R205 */
  readonly applicationId: string;
}

/** One of Alexa's events about a skill of a household's. @see R198 R199 */
export interface SkillEvent {
  /** `SkillDisabled`, `SkillAccountLinked` …: the type without its first part. */
  readonly name: string;
  readonly requestId: string;
  /** When it happened, by Alexa's clock, and not after it was sent. Events come in any order. @see R200 */
  readonly at: Date;
  /** Alexa's id of who uses the skill, different for each skill. */
  readonly userId: string | null;
  /** The household's access token of the skill's own authorization server, where it is linked. */
  readonly accessToken: string | null;
}

export type ReadSkillEvent =
  | { readonly kind: 'skill-event'; readonly request: AlexaRequest; readonly event: SkillEvent }
  /** Something said or asked: the skill itself answers that. */
  | { readonly kind: 'other-request'; readonly request: AlexaRequest }
  /** `place` is where it is not what it should be, without repeating what stands there. */
  | { readonly kind: 'malformed'; readonly place: string };

const EVENT = /^AlexaSkillEvent\.(\w{1,100})$/;

/** Reads a body as a request of Alexa's to a skill. @see R198 R199 */
export function readSkillEvent(text: string): ReadSkillEvent {
  const body = parseJson(text);
  const any = anyRequest.safeParse(body);
  if (!any.success) return malformed(any.error);
  const { System } = any.data.context;
  const { type, requestId, timestamp } = any.data.request;
  const request = { type, requestId, timestamp, applicationId: System.application.applicationId };
  const name = EVENT.exec(type)?.[1];
  if (name === undefined) return { kind: 'other-request', request };
  const read = eventRequest.safeParse(body);
  if (!read.success) return malformed(read.error);
  const { eventCreationTime, body: own } = read.data.request;
  const at = earlier(eventCreationTime, timestamp);
  const userId = System.user?.userId ?? null;
  const accessToken = own?.accessToken ?? System.user?.accessToken ?? null;
  return { kind: 'skill-event', request, event: { name, requestId, at, userId, accessToken } };
}

const earlier = (one: Date | null | undefined, other: Date): Date => (one && one < other ? one : other);

function malformed({ issues }: z.ZodError): ReadSkillEvent {
  const place = (issues[0]?.path ?? []).map(String).join('.');
  return { kind: 'malformed', place: place === '' ? 'the whole body' : place };
}

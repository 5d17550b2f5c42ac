import { acceptGrantError, acceptGrantResponse, ALEXA_LIMITS, buildAcceptGrant } from '@linkbroker/alexa';
import { randomBytes, randomUUID } from 'node:crypto';
import { fail, notApplicable, NotTested, pass, warn, type Check, type Outcome } from '../check.js';
import { once } from '../once.js';
import { NoAnswer, type HandlerAnswer } from '../probes.js';
import type { Session } from '../session.js';
import type { JsonObject } from '../token-answer.js';

/** A real code costs the handler a request to Login with Amazon, so half of Alexa's patience is left for that. */
const AMPLE_MS = ALEXA_LIMITS.skillAnswersWithin / 2;

/** What one directive led to. */
interface Granted {
  /** Of Login with Amazon: the target's, or one that nobody ever gave. */
  readonly isRealCode: boolean;
  readonly answer: HandlerAnswer | undefined;
  /** Why there is none. */
  readonly silence: string | undefined;
  /** The event that the call returned. */
  readonly event: JsonObject | undefined;
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readEvent(text: string): JsonObject | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    return isObject(answer) && isObject(answer['event']) ? answer : undefined;
  } catch {
    return undefined;
  }
}

const succeeded = ({ status }: HandlerAnswer): boolean => status === undefined || (status >= 200 && status < 300);

async function send(session: Session, code: string, correlationToken?: string): Promise<Omit<Granted, 'isRealCode'>> {
  const { accessToken } = await session.living();
  const built = buildAcceptGrant({ code, token: accessToken, messageId: randomUUID() });
  const header = { ...built.directive.header, ...(correlationToken === undefined ? {} : { correlationToken }) };
  try {
    const answer = await session.handle({ directive: { ...built.directive, header } });
    const silence = succeeded(answer) ? undefined : `the handler answered HTTP ${String(answer.status)}`;
    return { answer, silence, event: readEvent(answer.text) };
  } catch (error) {
    if (error instanceof NoAnswer) return { answer: undefined, silence: error.message, event: undefined };
    throw error;
  }
}

const madeUpCode = (): string => `ANdoctor${randomBytes(8).toString('hex')}`;

/** One AcceptGrant with the access token of the living link, as Alexa sends it while somebody links. */
const granted = once(async (session): Promise<Granted> => {
  const given = session.target.acceptGrant?.code;
  return { ...(await send(session, given ?? madeUpCode())), isRealCode: given !== undefined };
});

/** Judges what became of the directive. */
const judged =
  (judge: (granted: Granted, session: Session) => Outcome | Promise<Outcome>) =>
  async (session: Session): Promise<Outcome> => {
    if (session.target.acceptGrant === undefined) return notApplicable('the target names no acceptGrant');
    return judge(await granted(session), session);
  };

/** @throws NotTested when another rule has something to say first */
function assertEvent({ silence, event }: Granted): JsonObject {
  if (silence !== undefined) throw new NotTested('no answer (R148)');
  if (event === undefined) throw new NotTested('no event in the answer (R149)');
  return event;
}

function nameOf(event: JsonObject): unknown {
  const inner = event['event'];
  const header = isObject(inner) ? inner['header'] : undefined;
  return isObject(header) ? header['name'] : undefined;
}

const refuses = (event: JsonObject): boolean => nameOf(event) === 'ErrorResponse';

function checkAnswered({ silence, answer }: Granted): Outcome {
  if (silence !== undefined) return fail(silence);
  const seconds = ((answer?.ms ?? 0) / 1_000).toFixed(1);
  if ((answer?.ms ?? 0) > ALEXA_LIMITS.skillAnswersWithin) return fail(`it took ${seconds} s; Alexa waits 8 s`);
  return pass(`after ${seconds} s`);
}

function checkSynchronous({ silence, event, answer }: Granted): Outcome {
  if (silence !== undefined) throw new NotTested('no answer (R148)');
  if (event !== undefined) return pass('the call returned an event');
  const text = answer?.text.trim() ?? '';
  if (['', 'null', '{}'].includes(text)) {
    return fail('the call returned nothing: the handler ends before its answer is there, or answers elsewhere');
  }
  return fail('the call returned no event: something that is no JSON, or JSON of another shape (R156)');
}

/** The places where an answer differs from the one that Alexa takes; members of ours, no values of theirs. */
function differences(error: { readonly issues: readonly { readonly path: readonly PropertyKey[] }[] }): string {
  const places = error.issues.map(({ path }) => path.map(String).join('.'));
  return `not as it has to be: ${[...new Set(places)].join(', ')}`;
}

function checkResponse(result: Granted): Outcome {
  const event = assertEvent(result);
  if (refuses(event)) throw new NotTested('the handler refused: R153 looks at that');
  const { error } = acceptGrantResponse.safeParse(event);
  return error ? fail(differences(error)) : pass('AcceptGrant.Response with an empty payload');
}

function checkError(result: Granted): Outcome {
  const event = assertEvent(result);
  if (!refuses(event)) return notApplicable('the handler did not refuse');
  const { error } = acceptGrantError.safeParse(event);
  return error ? fail(differences(error)) : pass('ErrorResponse with ACCEPT_GRANT_FAILED');
}

function checkAccepted(result: Granted): Outcome {
  const refused = refuses(assertEvent(result));
  if (result.isRealCode) {
    return refused ? fail('the code of the target was refused') : pass('the code of the target was accepted');
  }
  if (!refused) return warn('a made-up code was accepted: the handler does not redeem it before it answers');
  throw new NotTested('a made-up code was refused, as is right; whether a real one is accepted is seen at Amazon only');
}

function checkAmple({ silence, answer }: Granted): Outcome {
  if (silence !== undefined || answer === undefined) throw new NotTested('no answer (R148)');
  const seconds = `${(answer.ms / 1_000).toFixed(1)} s`;
  return answer.ms <= AMPLE_MS ? pass(seconds) : fail(`${seconds} of eight`);
}

/** A real code works once, so it is not spent on this. */
async function checkCorrelation(result: Granted, session: Session): Promise<Outcome> {
  const first = nameOf(assertEvent(result));
  if (result.isRealCode) throw new NotTested('a second directive would need a second code');
  const correlationToken = `doctor-${randomUUID()}`;
  const { event } = await send(session, madeUpCode(), correlationToken);
  if (event === undefined || nameOf(event) !== first) return warn('with a correlation token the answer is another one');
  const text = JSON.stringify(event);
  return text.includes(correlationToken) ? pass('it came back') : warn('it did not come back');
}

/** Linking as it is with the permission off, beside the directive that comes with it on. */
function compare(result: Granted): Outcome {
  const { silence, event, isRealCode, answer } = result;
  const inTime = (answer?.ms ?? 0) <= ALEXA_LIMITS.skillAnswersWithin;
  const works = silence === undefined && event !== undefined && inTime;
  const fine = works && [acceptGrantResponse, acceptGrantError].some((shape) => shape.safeParse(event).success);
  if (!fine || (isRealCode && refuses(event))) {
    return warn(
      'linking works without AcceptGrant, and the answer to AcceptGrant is not one that Alexa takes: "Send Alexa Events" is the cause where people cannot link',
    );
  }
  return pass('linking works without AcceptGrant, and with it: "Send Alexa Events" is not to blame');
}

/** The link itself fails: then the directive is never sent. */
async function checkComparison(session: Session): Promise<Outcome> {
  if (session.target.acceptGrant === undefined) return notApplicable('the target names no acceptGrant');
  try {
    await session.living();
  } catch (error) {
    if (!(error instanceof NotTested)) throw error;
    throw new NotTested(
      'linking fails without AcceptGrant already: "Send Alexa Events" is not the cause, and switching it off will not help',
    );
  }
  return compare(await granted(session));
}

const HANDLER_REMEDY =
  'Return {"event": {"header": {"namespace": "Alexa.Authorization", "name": "AcceptGrant.Response", "payloadVersion": "3", "messageId": "…"}, "payload": {}}} from the call itself.';

/** What the skill answers to the directive that comes while somebody links, where "Send Alexa Events" is on. */
export const ACCEPT_GRANT_CHECKS: readonly Check[] = [
  {
    name: 'accept-grant-answered',
    rule: 'R148',
    title: 'AcceptGrant is answered within eight seconds',
    remedy: "Look into the handler's log at this time, or switch Send Alexa Events off in the console.",
    run: judged(checkAnswered),
  },
  {
    name: 'accept-grant-synchronous',
    rule: 'R149',
    title: 'The call itself returns the event that answers AcceptGrant',
    remedy: HANDLER_REMEDY,
    run: judged(checkSynchronous),
  },
  {
    name: 'accept-grant-response',
    rule: 'R152',
    title: 'AcceptGrant is accepted by exactly AcceptGrant.Response',
    remedy: HANDLER_REMEDY,
    run: judged(checkResponse),
  },
  {
    name: 'accept-grant-error',
    rule: 'R153',
    title: 'AcceptGrant is refused by exactly ACCEPT_GRANT_FAILED',
    remedy:
      'Return an ErrorResponse in the namespace Alexa.Authorization with type ACCEPT_GRANT_FAILED and a message, nothing else.',
    run: judged(checkError),
  },
  {
    name: 'accept-grant-accepted',
    rule: 'R148',
    title: 'A code of Login with Amazon is redeemed before AcceptGrant is answered',
    remedy:
      'Redeem the code with the client id and secret of the Permissions page, store what comes with whom the grantee is, then answer.',
    run: judged(checkAccepted),
  },
  {
    name: 'accept-grant-ample',
    rule: 'R158',
    title: 'The answer to AcceptGrant leaves time for Login with Amazon',
    remedy: 'Do nothing before the answer but redeem the code and store what comes.',
    run: judged(checkAmple),
  },
  {
    name: 'accept-grant-correlation',
    rule: 'R154',
    title: 'A correlation token comes back, and is not needed',
    remedy: 'Copy correlationToken into the header of the answer where the directive has one.',
    run: judged(checkCorrelation),
  },
  {
    name: 'send-alexa-events',
    rule: 'R155',
    title: 'Linking works with "Send Alexa Events" as it does without',
    remedy:
      'Repair the handler of AcceptGrant as the findings above say; to let people link until then, switch Send Alexa Events off.',
    run: checkComparison,
  },
];

import type { SkillClient } from './create-skill-client.js';
import type { Problem } from './results.js';

/** What this module reads of a request to a custom skill; `RequestEnvelope` of `ask-sdk-model` fits. */
export interface CustomSkillRequest {
  readonly context: {
    readonly System: { readonly user: { readonly accessToken?: string | undefined } };
  };
}

/** What this module reads of the input of an `ask-sdk` handler; its `HandlerInput` fits. */
export interface SkillInput {
  readonly requestEnvelope: CustomSkillRequest;
}

/** A response that says something and ends the session; fits `Response` of `ask-sdk-model`. */
export interface SpokenResponse {
  outputSpeech: { type: 'PlainText'; text: string };
  card?: { type: 'LinkAccount' };
  shouldEndSession: true;
}

/** What Alexa says, in the household's language. */
export interface Speech {
  /** That the account has to be linked in the Alexa app. */
  readonly link: string;
  /** That it does not work at the moment. Nothing about linking: that would not help. */
  readonly later: string;
}

/** The access token of the request, undefined when the household is not linked. @see R142 */
export function accessTokenOf(envelope: CustomSkillRequest): string | undefined {
  return envelope.context.System.user.accessToken;
}

/** Speech with the card that opens account linking in the Alexa app. @see R143 */
export function linkAccountResponse(text: string): SpokenResponse {
  return { ...spoken(text), card: { type: 'LinkAccount' } };
}

/**
 * What a custom skill answers when there is no token: the card where linking helps, an apology where it does not.
 * @see R143
 */
export function responseFor(problem: Problem, speech: Speech): SpokenResponse {
  const helps = problem.kind === 'not-linked' || problem.kind === 'link-dead';
  return helps ? linkAccountResponse(speech.link) : spoken(speech.later);
}

/**
 * The `handle` of an `ask-sdk` handler that runs only with an upstream token in hand.
 * @param handle gets the input and the provider's access token
 * @param speech what to say otherwise, or how to say it in the request's language
 * @param onProblem is told why there was no token, for your log
 */
export function withUpstreamToken<I extends SkillInput, R>(
  client: Pick<SkillClient, 'upstreamToken'>,
  speech: Speech | ((input: I) => Speech),
  handle: (input: I, upstreamToken: string) => R | Promise<R>,
  onProblem: (problem: Problem) => void = () => undefined,
): (input: I) => Promise<R | SpokenResponse> {
  return async (input) => {
    const result = await client.upstreamToken(accessTokenOf(input.requestEnvelope));
    if (result.kind === 'token') return handle(input, result.accessToken);
    onProblem(result);
    return responseFor(result, typeof speech === 'function' ? speech(input) : speech);
  };
}

const spoken = (text: string): SpokenResponse => ({
  outputSpeech: { type: 'PlainText', text },
  shouldEndSession: true,
});

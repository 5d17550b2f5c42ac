import { SkillBuilders, type HandlerInput } from 'ask-sdk-core';
import type { RequestEnvelope, Response } from 'ask-sdk-model';
import { closeAll, CREDENTIALS, startBroker } from '../test/fake-broker.js';
import { launchRequest } from '../test/requests.js';
import { createSkillClient } from './create-skill-client.js';
import { accessTokenOf, linkAccountResponse, responseFor, withUpstreamToken } from './custom-skill.js';
import type { Problem } from './results.js';

afterEach(closeAll);

const SPEECH = { link: 'Link first.', later: 'Try later.' };

/** A skill on the real SDK, whose only handler needs a token. */
async function skill(speech: Parameters<typeof withUpstreamToken<HandlerInput, Response>>[1] = SPEECH) {
  const { url } = await startBroker();
  const problems: Problem[] = [];
  const client = createSkillClient({ brokerUrl: url, ...CREDENTIALS });
  const handle = withUpstreamToken(
    client,
    speech,
    (input: HandlerInput, token) => input.responseBuilder.speak(`With ${token}.`).getResponse(),
    (problem) => problems.push(problem),
  );
  const built = SkillBuilders.custom()
    .addRequestHandlers({ canHandle: () => true, handle })
    .create();
  const invoke = async (envelope: RequestEnvelope) => (await built.invoke(envelope)).response;
  return { invoke, problems };
}

describe('a handler on the SDK', () => {
  it('runs with the token of the household', async () => {
    const { invoke, problems } = await skill();
    expect(await invoke(launchRequest('good'))).toMatchObject({
      outputSpeech: { type: 'SSML', ssml: '<speak>With upstream-of-good.</speak>' },
    });
    expect(problems).toEqual([]);
  });

  it.each([
    ['not linked', undefined],
    ['a void token', 'void'],
    ['a dead link', 'dead'],
  ])('%s: the card and the words that go with it', async (_, token) => {
    const { invoke } = await skill();
    expect(await invoke(launchRequest(token))).toEqual({
      outputSpeech: { type: 'PlainText', text: 'Link first.' },
      card: { type: 'LinkAccount' },
      shouldEndSession: true,
    });
  });

  it.each(['at-risk', 'sick', 'else'])('%s: an apology and no card, because linking would not help', async (token) => {
    const { invoke, problems } = await skill();
    expect(await invoke(launchRequest(token))).toEqual({
      outputSpeech: { type: 'PlainText', text: 'Try later.' },
      shouldEndSession: true,
    });
    expect(problems).toHaveLength(1);
  });

  it('speaks the language of the request', async () => {
    const { invoke } = await skill(({ requestEnvelope }) =>
      requestEnvelope.request.locale === 'de-DE' ? { link: 'Erst verknüpfen.', later: 'Später.' } : SPEECH,
    );
    expect(await invoke(launchRequest(undefined, 'de-DE'))).toMatchObject({
      outputSpeech: { text: 'Erst verknüpfen.' },
    });
  });
});

it('the types fit those of the SDK', () => {
  const response: Response = linkAccountResponse('Link first.');
  const envelope: RequestEnvelope = launchRequest('good');
  expect([response.card?.type, accessTokenOf(envelope)]).toEqual(['LinkAccount', 'good']);
});

it('only what linking helps gets a card', () => {
  const kinds = ['not-linked', 'link-dead', 'link-at-risk'] as const;
  const rest: Problem[] = [
    { kind: 'unavailable', retryAfterSeconds: 1, reason: '' },
    { kind: 'misconfigured', reason: '' },
  ];
  const cards = [...kinds.map((kind) => ({ kind })), ...rest].filter((problem) => responseFor(problem, SPEECH).card);
  expect(cards.map(({ kind }) => kind)).toEqual(['not-linked', 'link-dead']);
});

import fc from 'fast-check';
import { readSkillEvent } from './skill-event.js';

const AT = '2026-01-31T12:00:00Z';
const System = {
  application: { applicationId: 'amzn1.ask.skill.1' },
  user: { userId: 'amzn1.ask.account.A' },
  apiEndpoint: 'https://api.eu.amazonalexa.com',
};
const request = { type: 'AlexaSkillEvent.SkillDisabled', requestId: 'r-1', timestamp: AT };
const body = (change: Record<string, unknown> = {}, system: Record<string, unknown> = {}) => ({
  version: '1.0',
  context: { System: { ...System, ...system } },
  request: { ...request, ...change },
});
const read = (value: unknown) => readSkillEvent(JSON.stringify(value));

test('an event is read with whose it is and when it happened', () => {
  expect(read(body({ eventCreationTime: '2026-01-31T11:59:00.250Z', eventPublishingTime: AT }))).toEqual({
    kind: 'skill-event',
    request: { ...request, timestamp: new Date(AT), applicationId: 'amzn1.ask.skill.1' },
    event: {
      ...{ name: 'SkillDisabled', requestId: 'r-1', at: new Date('2026-01-31T11:59:00.250Z') },
      ...{ userId: 'amzn1.ask.account.A', accessToken: null },
    },
  });
});

test('without a time of its own, or with a later one, an event happened when it was sent', () => {
  expect(read(body())).toMatchObject({ event: { at: new Date(AT) } });
  expect(read(body({ eventCreationTime: '9999-01-01T00:00:00Z' }))).toMatchObject({ event: { at: new Date(AT) } });
});

test.each([
  [{ body: { accessToken: 'own' } }, {}, 'own'],
  [{ body: {} }, { user: { userId: 'u', accessToken: 'context' } }, 'context'],
  [{ body: null }, { user: { userId: 'u', accessToken: 'context' } }, 'context'],
  [{ body: { accessToken: null } }, {}, null],
  [{}, {}, null],
])('its token stands in %j or %j', (change, system, accessToken) => {
  expect(read(body(change, system))).toMatchObject({ kind: 'skill-event', event: { accessToken } });
});

test('an event of nobody has no user', () => {
  expect(read(body({}, { user: undefined }))).toMatchObject({ kind: 'skill-event', event: { userId: null } });
});

test.each(['LaunchRequest', 'IntentRequest', 'AlexaSkillEvent', 'AlexaSkillEvent.', 'Alexa.AlexaSkillEvent.X'])(
  '%s is no event',
  (type) => expect(read(body({ type })).kind).toBe('other-request'),
);

test.each([
  ['the whole body', []],
  ['context', {}],
  ['context.System.application', body({}, { application: undefined })],
  ['context.System.user.userId', body({}, { user: { userId: 'x'.repeat(513) } })],
  ['context.System.user.userId', body({}, { user: { userId: 'a\u0000b' } })],
  ['request.requestId', body({ requestId: '' })],
  ['request.timestamp', body({ timestamp: 1_769_860_800 })],
  ['request.timestamp', body({ timestamp: '2026-01-31T12:00:00' })],
  ['request.timestamp', body({ timestamp: '2026-13-31T12:00:00Z' })],
  ['request.type', body({ type: undefined })],
  ['request.eventCreationTime', body({ eventCreationTime: 'yesterday' })],
  ['request.body.accessToken', body({ body: { accessToken: 1 } })],
])('%s is named where it is wrong', (place, value) => {
  expect(read(value)).toEqual({ kind: 'malformed', place });
});

test('no text makes it throw, and what is malformed is not repeated', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readSkillEvent(text)));
  expect(readSkillEvent('{"context": secret')).toEqual({ kind: 'malformed', place: 'the whole body' });
});

import { ALEXA_LIMITS } from './limits.js';

it.each([
  ['R80', 'minAccessTokenTtl', 360],
  ['R12', 'answerWithin', 4_500],
  ['R130', 'maxScopes', 15],
  ['R54', 'maxDomains', 15],
] as const)('%s: %s is %d', (_, name, value) => {
  expect(ALEXA_LIMITS[name]).toBe(value);
});

it('ends a link attempt before the state of Alexa does, an hour after it began (R31)', () => {
  expect(ALEXA_LIMITS.linkAttemptTtl).toBe(3_300);
});

import { isOfNow } from './request-time.js';

const NOW = new Date('2026-01-31T12:00:00Z');
const ofNow = (type: string, seconds: number): boolean =>
  isOfNow(type, new Date(NOW.getTime() - Math.round(seconds * 1_000)), NOW);

test.each([
  ['LaunchRequest', 150],
  ['AlexaSkillEvent.ProactiveSubscriptionChanged', 150],
  ['AlexaSkillEvent.Something', 150],
  ['AlexaSkillEvent.SkillEnabled', 3_600],
  ['AlexaSkillEvent.SkillDisabled', 3_600],
  ['AlexaSkillEvent.SkillAccountLinked', 3_600],
  ['AlexaSkillEvent.SkillPermissionAccepted', 3_600],
  ['AlexaSkillEvent.SkillPermissionChanged', 3_600],
])('%s may be %i seconds old and not a millisecond more', (type, seconds) => {
  expect([ofNow(type, seconds), ofNow(type, seconds + 0.001)]).toEqual([true, false]);
});

test.each(['LaunchRequest', 'AlexaSkillEvent.SkillDisabled'])('%s may be 150 seconds early', (type) => {
  expect([ofNow(type, -150), ofNow(type, -150.001)]).toEqual([true, false]);
});

import { readNewSkillSearch } from '../../../search.js';
import { guideStep } from './guide-step.js';

test.each([
  [{}, 'provider'],
  [{ step: 'nowhere' }, 'provider'],
  [{ step: 'connector' }, 'provider'],
  [{ step: 'connector', provider: 'oidc' }, 'connector'],
  [{ step: 'connector', connector: 'home' }, 'connector'],
  [{ step: 'skill', provider: 'oidc' }, 'provider'],
  [{ step: 'skill', connector: 'home' }, 'skill'],
  [{ step: 'alexa', connector: 'home' }, 'provider'],
  [{ step: 'alexa', skill: 'lights' }, 'alexa'],
])('%j is the step %s', (search, step) => {
  expect(guideStep(readNewSkillSearch(search))).toBe(step);
});

test('the address holds nothing but what it may', () => {
  expect(
    readNewSkillSearch({
      step: 'alexa',
      skill: 'lights',
      since: '2026-01-31T12:00:00Z',
      clientSecret: 'no',
      made: ['no'],
    }),
  ).toEqual({ step: 'alexa', skill: 'lights', since: '2026-01-31T12:00:00.000Z' });
  expect(readNewSkillSearch({ since: 'whenever' })).toEqual({});
});

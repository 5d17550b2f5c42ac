import type { TimelineEntry } from '@linkbroker/contracts';
import { firstLinkSteps, type SteppingSkill } from './first-link-steps.js';

const CODES: SteppingSkill = { grantTypes: ['authorization_code'], relayAuthorizationUrl: null };

const story = (...told: readonly (Pick<TimelineEntry, 'name'> & Partial<TimelineEntry>)[]) =>
  told.map((entry, second) => ({ ...NOTHING, ...entry, at: new Date(second * 1_000) }));
const reached = (entries: readonly TimelineEntry[], skill = CODES) =>
  firstLinkSteps(entries, skill).map(({ step, at }) => [step, at === null ? null : at.getTime() / 1_000]);

test('nothing is reached where nothing was told', () => {
  expect(reached([])).toEqual(
    ['started', 'redirected', 'identified', 'code', 'token', 'refreshed'].map((step) => [step, null]),
  );
});

test('each step is reached once, when it was the first time', () => {
  const entries = story(
    { name: 'authorize.started' },
    { name: 'page.shown' },
    { name: 'upstream.redirected' },
    { name: 'upstream.identified' },
    { name: 'code.issued' },
    { name: 'token.answered', status: 503, outcome: 'unavailable' },
    { name: 'token.answered', status: 200, outcome: 'issued' },
    { name: 'token.answered', status: 200, outcome: 'rotated' },
    { name: 'token.answered', status: 200, outcome: 'rotated' },
  );
  expect(reached(entries)).toEqual([
    ['started', 0],
    ['redirected', 2],
    ['identified', 3],
    ['code', 4],
    ['token', 6],
    ['refreshed', 7],
  ]);
});

test.each(['refused', 'too_old', 'revoked'])('an answer that is %s renews nothing', (outcome) => {
  expect(reached(story({ name: 'token.answered', status: 400, outcome }))).toContainEqual(['refreshed', null]);
});

test('an implicit grant has neither code nor renewal', () => {
  const skill = { ...CODES, grantTypes: ['implicit'] };
  expect(reached(story({ name: 'authorize.started' }, { name: 'token.issued_implicit' }), skill)).toEqual([
    ['started', 0],
    ['redirected', null],
    ['identified', null],
    ['token', 1],
  ]);
});

test('of a relay only the beginning is known', () => {
  const skill = { ...CODES, relayAuthorizationUrl: 'https://old.example.com/authorize' };
  expect(reached(story({ name: 'relay.redirected' }), skill)).toEqual([['started', 0]]);
});

const NOTHING: TimelineEntry = {
  at: new Date(0),
  name: 'page.shown',
  skillId: null,
  linkId: null,
  grantId: null,
  tokenSetId: null,
  reference: null,
  connector: null,
  outcome: null,
  status: null,
  ms: null,
  detail: null,
  figures: {},
  data: {},
};

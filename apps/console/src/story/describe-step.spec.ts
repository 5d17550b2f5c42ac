import { DE } from '../texts/de.js';
import { EN } from '../texts/en.js';
import { describeStep, toneOf, whoOf, type Tone, type Who } from './describe-step.js';
import type { SentEntry } from './timeline.js';

const step = (name: string, outcome: string | null = null, status: number | null = null) => ({
  name: name as SentEntry['name'],
  outcome,
  status,
});

test.each<[string, string | null, number | null, Tone]>([
  ['authorize.started', null, null, 'plain'],
  ['authorize.refused', null, null, 'bad'],
  ['code.issued', null, null, 'good'],
  ['token.answered', 'rotated', 200, 'good'],
  ['token.answered', 'replayed', 200, 'good'],
  ['token.answered', 'unavailable', 503, 'bad'],
  ['token.answered', 'refused', 400, 'odd'],
  ['upstream.refreshed', null, 200, 'good'],
  ['upstream.refresh_failed', null, 500, 'bad'],
  ['upstream.revoked', null, null, 'plain'],
  ['grant.replayed', null, null, 'odd'],
  ['incident.decrypt_failed', null, null, 'bad'],
  ['callback.without_cookie', null, null, 'bad'],
  ['webhook.link.created', null, null, 'plain'],
  ['webhook.disabled', null, null, 'bad'],
  ['relay.answered', null, 502, 'bad'],
])('%s %s %s is %s', (name, outcome, status, tone) => {
  expect(toneOf(step(name, outcome, status))).toBe(tone);
});

test.each<[string, Who]>([
  ['authorize.started', 'alexa'],
  ['token.answered', 'alexa'],
  ['page.shown', 'household'],
  ['callback.refused', 'household'],
  ['upstream.exchanged', 'provider'],
  ['upstream.released', 'skill'],
  ['webhook.link.created', 'webhook'],
  ['event.delivery_failed', 'webhook'],
  ['incident.grant_behind', 'broker'],
  ['something.new', 'broker'],
])('%s is the doing of: %s', (name, who) => {
  expect(whoOf(step(name))).toBe(who);
});

test('a step has words in both languages; one that is not known keeps its name', () => {
  expect(describeStep(step('token.answered', 'rotated'), EN)).toBe('Alexa renewed its tokens');
  expect(describeStep(step('token.answered', 'rotated'), DE)).toBe('Alexa erneuerte seine Token');
  expect(describeStep(step('token.answered', 'odd'), EN)).toBe(EN.events['token.answered']);
  expect(describeStep(step('webhook.link.created'), EN)).toBe('Webhooks were told: link.created');
  expect(describeStep(step('webhook.disabled'), EN)).toBe(EN.events['webhook.disabled']);
  expect(describeStep(step('something.new'), EN)).toBe('something.new');
  expect(describeStep(step('constructor'), EN)).toBe('constructor');
  expect(describeStep(step('token.answered', 'toString'), EN)).toBe(EN.events['token.answered']);
});

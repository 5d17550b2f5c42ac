import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RULE_FACTS, ruleFact } from './rule-facts.js';

const page = readFileSync(fileURLToPath(new URL('../../../../docs/alexa-rules.md', import.meta.url)), 'utf8');
const rows = new Map(
  [...page.matchAll(/^\| (R\d+a?) +\| (must|should|fact) +\|/gm)].map(([, id, level]) => [id, level?.toUpperCase()]),
);

test('every rule is there once, and docs/alexa-rules.md gives it the same level', () => {
  expect(new Set(RULE_FACTS.map(({ id }) => id)).size).toBe(RULE_FACTS.length);
  for (const { id, level } of RULE_FACTS) expect([id, rows.get(id)]).toEqual([id, level]);
});

test.each(RULE_FACTS)('$id is one short sentence, and its source an https address', ({ text, source }) => {
  expect(text).toMatch(/^[A-Zea-z].{10,120}[^.]$/);
  expect(source ?? 'https://derived.example').toMatch(/^https:\/\/[^ ]+$/);
});

test('rules are found by id, and an unknown one is a mistake', () => {
  expect(ruleFact('R12').text).toContain('4.5 seconds');
  expect(() => ruleFact('R999')).toThrow('R999');
});

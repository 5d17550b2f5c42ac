import { isStale, readNews } from './news.js';

test('reads the topics it knows, and nothing out of anything else', () => {
  expect(readNews('["timeline","changes"]')).toEqual(['timeline', 'changes']);
  expect(readNews('["something","deliveries"]')).toEqual(['deliveries']);
  for (const data of ['', '{', '"timeline"', '{"timeline":true}', 'null']) expect(readNews(data)).toEqual([]);
});

test.each([
  [['links', 'acme', {}], ['timeline'], true],
  [['links', 'other', {}], ['timeline'], false],
  [['links', 'acme'], ['deliveries'], false],
  [['deliveries', 'acme', undefined], ['deliveries'], true],
  [['skill', 'acme', 'lights'], ['timeline', 'changes'], true],
  [['timeline', 'a-link', 500], ['timeline'], true],
  [['timeline', 'a-link', 500], ['deliveries'], false],
  [['session'], ['timeline', 'deliveries', 'changes'], false],
] as const)('%j is stale by news of %j: %s', (key, topics, stale) => {
  expect(isStale(key, 'acme', topics)).toBe(stale);
});

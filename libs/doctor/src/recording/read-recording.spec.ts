import fc from 'fast-check';
import { buildHar, RIGHT_STEPS } from '../../test/recording.js';
import { LARGEST_RECORDING, readRecording, UnusableRecording } from './read-recording.js';

const har = (log: unknown): string => JSON.stringify({ log });
const entry = (change: Record<string, unknown> = {}) => ({
  startedDateTime: '2026-11-22T22:00:00.000+01:00',
  time: 5,
  request: { method: 'GET', url: 'https://id.example.com/secret', headers: [] },
  response: { status: 200, headers: [] },
  ...change,
});

test.each<[string, string, RegExp]>([
  ['text that is not JSON', '{"secret', /^the recording is not JSON$/],
  ['JSON of something else', '{"secret":1}', /^the recording is no HAR 1\.2: log is/],
  ['another version', har({ version: '2.0', entries: [] }), /log\.version is/],
  [
    'an entry without a request',
    har({ version: '1.2', entries: [{ ...entry(), request: undefined }] }),
    /log\.entries\.0\.request is/,
  ],
  [
    'a time that is none',
    har({ version: '1.2', entries: [entry({ startedDateTime: 'secret' })] }),
    /startedDateTime is/,
  ],
  ['too many entries', har({ version: '1.2', entries: Array(20_001).fill(entry()) }), /more than 20000 entries/],
  ['too many octets', ' '.repeat(LARGEST_RECORDING + 1), /larger than 64 MB/],
])('%s is refused, and nothing of it is shown', (_, json, says) => {
  expect(() => readRecording(json)).toThrow(UnusableRecording);
  expect(() => readRecording(json)).toThrow(says);
  expect(() => readRecording(json)).not.toThrow(/secret/);
});

test('any JSON is read or refused in words of ours', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      for (const text of [json, `{"log":${json}}`, `{"log":{"version":"1.2","entries":[${json}]}}`]) {
        expect(() => readRecording(text)).toThrow(UnusableRecording);
      }
    }),
  );
});

test('entries come in the order of time, and addresses that are no web addresses are left out', () => {
  const shuffled = JSON.parse(buildHar(RIGHT_STEPS)) as { log: { entries: unknown[] } };
  shuffled.log.entries.reverse();
  const read = readRecording(JSON.stringify(shuffled));
  expect(read).toHaveLength(RIGHT_STEPS.length - 1);
  expect(read.map(({ at }) => at)).toEqual(read.map(({ at }) => at).sort((a, b) => a - b));
});

test.each<[string, Record<string, unknown>, boolean]>([
  ['a resource type', { _resourceType: 'document' }, true],
  ['another resource type', { _resourceType: 'script' }, false],
  [
    'what the browser says of itself',
    { request: { method: 'GET', url: 'https://a.example/', headers: [{ name: 'Sec-Fetch-Dest', value: 'document' }] } },
    true,
  ],
  [
    'what the browser says of a frame',
    {
      _resourceType: 'document',
      request: { method: 'GET', url: 'https://a.example/', headers: [{ name: 'sec-fetch-dest', value: 'iframe' }] },
    },
    false,
  ],
  ['a page', { response: { status: 200, headers: [], content: { mimeType: 'text/html; charset=utf-8' } } }, true],
  ['a redirect', { response: { status: 302, headers: [] } }, true],
  ['an image', { response: { status: 200, headers: [], content: { mimeType: 'image/png' } } }, false],
])('pages are told from what is on them by %s', (_, change, isDocument) => {
  expect(readRecording(har({ version: '1.2', entries: [entry(change)] }))).toMatchObject([{ isDocument }]);
});

test('a redirect is read as it was sent, or completed', () => {
  const read = (location: string) =>
    readRecording(
      har({ version: '1.2', entries: [entry({ response: { status: 302, headers: [], redirectURL: location } })] }),
    )[0]?.location;
  expect(read('https://b.example/?state=a+b%2f')).toBe('https://b.example/?state=a+b%2f');
  expect(read('/next')).toBe('https://id.example.com/next');
  expect(read('')).toBeUndefined();
});

test('a byte order mark, and requests that broke off, do no harm', () => {
  const broken = entry({ request: { method: 'GET', url: 'https://a.example/' }, response: { status: 0 } });
  expect(readRecording(`\uFEFF${har({ version: '1.2', entries: [broken] })}`)).toMatchObject([{ status: 0 }]);
});

import { readCsvLines, readJsonLines, UnfitHeader } from './read-lines.js';

async function* texts(...lines: string[]): AsyncGenerator<string> {
  for (const line of lines) yield await Promise.resolve(line);
}
const all = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
};

test('one JSON object a line, with the number of its line', async () => {
  expect(await all(readJsonLines(texts('{"subject":"a"}', '', 'not JSON', '{"subject":"b"}')))).toEqual([
    { line: 1, value: { subject: 'a' } },
    { line: 3, value: 'no JSON' },
    { line: 4, value: { subject: 'b' } },
  ]);
});

test('a CSV file has a header, quotes, and lists separated by spaces', async () => {
  const lines = texts(
    'subject,upstreamRefreshToken,refreshTokenSha256,scopes,accessTokenSha256,accessTokenExpiresAt',
    '"a, ""b""",rt,abc,lights heating,,',
    'c,rt2,def,,acc,2027-01-01T00:00:00Z',
    'too,few',
    'an,"open quote,x,,,',
  );
  expect(await all(readCsvLines(lines))).toEqual([
    {
      line: 2,
      value: {
        subject: 'a, "b"',
        upstream: { refreshToken: 'rt' },
        refreshTokens: ['abc'],
        scopes: ['lights', 'heating'],
      },
    },
    {
      line: 3,
      value: {
        subject: 'c',
        upstream: { refreshToken: 'rt2' },
        refreshTokens: ['def'],
        accessTokens: [{ sha256: 'acc', expiresAt: '2027-01-01T00:00:00Z' }],
      },
    },
    { line: 4, value: 'no JSON' },
    { line: 5, value: 'no JSON' },
  ]);
});

test.each(['subject', 'refreshTokenSha256', 'subject,refreshTokenSha256,password'])(
  'the header %s is unfit',
  async (header) => {
    await expect(all(readCsvLines(texts(header, 'a,b,c')))).rejects.toThrow(UnfitHeader);
  },
);

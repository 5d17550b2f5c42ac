import { XMLish } from '../../test/xmlish.js';
import type { Report } from '@linkbroker/doctor';
import { FORMATS } from './formats.js';

const evil = `<script>alert("1")</script> & 'x' \u001B[31m\u0000`;
const finding = {
  rule: 'R12',
  level: 'MUST',
  status: 'fail',
  title: 'In time',
  evidence: evil,
  remedy: 'Hurry',
  link: 'https://example.com/?a=1&b=2',
} as const;
const report: Report = {
  target: {
    authorizeUrl: 'https://id.example.com/authorize',
    tokenUrl: 'https://id.example.com/token',
    clientId: 'alexa',
    scheme: 'HTTP_BASIC',
    redirectUri: 'https://layla.amazon.com/api/skill/link/M3KVOEXUO4ALBL',
    scope: 'lights',
  },
  startedAt: '2026-11-22T22:00:00.000Z',
  summary: { pass: 1, fail: 1, warn: 1, notTested: 1, notApplicable: 1 },
  findings: [
    finding,
    { ...finding, rule: 'R76', status: 'warn' },
    { ...finding, rule: 'R60', level: 'SHOULD', status: 'pass', link: null },
    { ...finding, rule: 'R6', status: 'not-tested', evidence: 'a loopback address' },
    { ...finding, rule: 'R53', status: 'not-applicable' },
  ],
};

test('text: everything, remedies where they are needed, colours on demand, and no control of the server', () => {
  const text = FORMATS.text(report, { colour: false });
  expect(text.match(/→ Hurry/g)).toHaveLength(2);
  expect(text).toContain('1 passed, 1 failed, 1 to look at, 1 not tested, 1 not applicable\n');
  for (const control of ['\u001B', '\u0000']) expect(text).not.toContain(control);
  expect(FORMATS.text(report, { colour: true })).toContain('\u001B[31mFAIL\u001B[0m');
});

test('json is the report', () => {
  expect(JSON.parse(FORMATS.json(report, { colour: false }))).toEqual(report);
});

test('junit: one failure, warnings pass with an output, the rest is skipped', () => {
  const xml = new XMLish(FORMATS.junit(report, { colour: false }));
  expect(xml.count('testcase')).toBe(5);
  expect([xml.count('failure'), xml.count('skipped'), xml.count('system-out')]).toEqual([1, 2, 1]);
  expect(xml.attribute('testsuite', 'failures')).toBe('1');
});

test('sarif: errors, warnings, and results that are none; rules say where they come from', () => {
  const { runs } = JSON.parse(FORMATS.sarif(report, { colour: false })) as {
    runs: readonly [
      {
        tool: { driver: { rules: readonly { id: string; helpUri?: string }[] } };
        results: readonly { ruleId: string; level: string; kind: string }[];
      },
    ];
  };
  const [{ tool, results }] = runs;
  expect(results.map(({ ruleId, level, kind }) => [ruleId, level, kind])).toEqual([
    ['R12', 'error', 'fail'],
    ['R76', 'warning', 'fail'],
    ['R60', 'none', 'pass'],
    ['R6', 'none', 'open'],
    ['R53', 'none', 'notApplicable'],
  ]);
  expect(tool.driver.rules.map(({ id, helpUri }) => [id, helpUri !== undefined])).toEqual(
    expect.arrayContaining([
      ['R12', true],
      ['R60', false],
    ]),
  );
});

test('html: nothing of a server becomes markup, and nothing is loaded', () => {
  const html = FORMATS.html(report, { colour: false });
  expect(html).toContain("default-src 'none'");
  expect(html).not.toMatch(/<script|\ssrc=|<link|@import|url\(/);
  expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;');
  expect(html.indexOf('Failed')).toBeLessThan(html.indexOf('Passed'));
});

test('html: the picture stands in the page itself', () => {
  const html = FORMATS.html(report, { colour: false, screenshot: Buffer.from('a picture') });
  expect(html).toContain(`src="data:image/png;base64,${Buffer.from('a picture').toString('base64')}"`);
  expect(html).toContain('img-src data:');
});

test.each(Object.keys(FORMATS) as (keyof typeof FORMATS)[])('%s: a recording has fewer facts', (format) => {
  const { authorizeUrl, clientId } = report.target;
  const text = FORMATS[format]({ ...report, target: { authorizeUrl, clientId } }, { colour: false });
  expect(text).not.toMatch(/undefined|null,|>, </);
});

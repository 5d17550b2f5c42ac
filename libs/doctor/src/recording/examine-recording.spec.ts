import {
  AUTHORIZE,
  buildHar,
  change,
  changeReturn,
  IMPLICIT_URI,
  RECORDED_TARGET,
  REDIRECT_URI,
  RETURN,
  RIGHT_STEPS,
  SECRETS,
  type Step,
} from '../../test/recording.js';
import { examineRecording, readRecording, UnusableRecording, type Report } from '../index.js';

const now = new Date('2026-11-22T23:00:00Z');

const examine = (steps: readonly Step[], target = RECORDED_TARGET): Report =>
  examineRecording(target, readRecording(buildHar(steps)), { now });

const troubles = ({ findings }: Report) =>
  findings.flatMap(({ rule, status }) => (status === 'fail' || status === 'warn' ? `${rule} ${status}` : []));
const evidenceOf = ({ findings }: Report, rule: string): string =>
  findings.find((found) => found.rule === rule)?.evidence ?? '';

type Edit = (steps: readonly Step[]) => readonly Step[];
const upTo =
  (count: number, ...more: readonly Step[]): Edit =>
  (steps) => [...steps.slice(0, count), ...more];
const insert =
  (index: number, ...more: readonly Step[]): Edit =>
  (steps) => [...steps.slice(0, index), ...more, ...steps.slice(index)];
const isPage = ({ csp }: Step): boolean => csp !== undefined;
const LOGIN = RIGHT_STEPS[2]?.url ?? '';

const IMPLICIT = AUTHORIZE.replace('response_type=code', 'response_type=token').replace(
  encodeURIComponent(REDIRECT_URI),
  encodeURIComponent(IMPLICIT_URI),
);
const TOKENS = `state=${encodeURIComponent(SECRETS.state)}&access_token=${SECRETS.token}&token_type=Bearer`;
/** The same with the implicit grant. */
const implicit = (location: string, opened = IMPLICIT_URI): readonly Step[] =>
  RIGHT_STEPS.map((step) => {
    if (step.location === RETURN) return { ...step, url: IMPLICIT, location };
    if (step.url === RETURN) return { ...step, url: opened };
    return step.location === AUTHORIZE
      ? { ...step, location: IMPLICIT }
      : { ...step, url: step.url.replace(AUTHORIZE, IMPLICIT) };
  });

test('a right sign-in passes, with the region, and what Alexa does before and after is left out', () => {
  const report = examine(RIGHT_STEPS);
  expect(troubles(report)).toEqual([]);
  expect(report.findings.filter(({ status }) => status === 'not-tested')).toEqual([]);
  expect(evidenceOf(report, 'R21')).toBe('that of Europe');
  expect(evidenceOf(report, 'R57')).toBe('to Europe, with a code');
  expect(evidenceOf(report, 'R31')).toMatch(/^5\.1 s in all; the slowest answer took 0\.1 s, of id\.example\.com$/);
});

const FAULTS: Readonly<Record<string, readonly [expected: string, edit: Edit]>> = {
  'a host is missing': [
    'R52 fail',
    change(
      ({ kind }) => kind === 'image',
      () => ({ url: 'https://fonts.example.org/a' }),
    ),
  ],
  'a popup of a common service': [
    'R37 fail',
    insert(4, { url: 'https://accounts.example.net/o/oauth2?ux_mode=popup', kind: 'xhr', page: 'page_2' }),
  ],
  'two windows at once': [
    'R37 fail',
    insert(4, { url: 'https://accounts.example.net/', page: 'page_9' }, { url: LOGIN, page: 'page_2', csp: '' }),
  ],
  'form-action without Alexa': ['R40 warn', change(isPage, () => ({ csp: "form-action 'self'" }))],
  'form-action without Alexa, and it ends there': [
    'R40 fail',
    (steps) => change(isPage, () => ({ csp: "form-action 'none'" }))(steps).slice(0, 6),
  ],
  'an image by plain http': [
    'R48 warn',
    change(
      ({ kind }) => kind === 'image',
      ({ url }) => ({ url: url.replace('https:', 'http:') }),
    ),
  ],
  'a script that is not there': [
    'R36 warn',
    change(
      ({ kind }) => kind === 'image',
      () => ({ status: 404 }),
    ),
  ],
  'a sign-in of more than an hour': [
    'R31 warn',
    change(
      ({ method }) => method === 'POST',
      () => ({ after: 3_700_000 }),
    ),
  ],
  'an answer after 12 s': [
    'R31 warn',
    change(
      ({ method }) => method === 'POST',
      () => ({ ms: 12_000 }),
    ),
  ],
  'cookies of 5,000 octets': ['R46 warn', change(isPage, () => ({ cookie: `a=${'x'.repeat(5_000)}` }))],
  'cookies of 9,000 octets': ['R46 fail', change(isPage, () => ({ cookie: `a=${'x'.repeat(9_000)}` }))],
  'a long code': ['R46 warn', changeReturn((url) => url.replace(SECRETS.code, 'c'.repeat(200)))],
  'the state is dropped': ['R27 fail', changeReturn((url) => url.replace(/&state=.*/, ''))],
  'the state is cut': ['R27 fail', changeReturn((url) => url.slice(0, -6))],
  'the state has a space for its plus': ['R27 fail', changeReturn((url) => url.replace('%2B', '%20'))],
  'the state comes back with a raw plus': ['R27 warn', changeReturn((url) => url.replace('%2B', '+'))],
  'nobody comes back': ['R57 fail', upTo(5)],
  'it ends with an error': ['R57 fail', changeReturn((url) => url.replace(/code=[^&]*/, 'error=access_denied'))],
  'it leads to the front page': ['R57 fail', changeReturn(() => 'https://layla.amazon.com/')],
  'it leads to another region': ['R57 fail', changeReturn((url) => url.replace('layla', 'pitangui'))],
  'the redirect has 307': [
    'R57 fail',
    change(
      ({ location }) => location === RETURN,
      () => ({ status: 307 }),
    ),
  ],
  'the code stands behind #': ['R57 fail', changeReturn((url) => url.replace('?', '#'))],
};

test.each(Object.entries(FAULTS))('%s: found by its rule and no other', (_, [expected, edit]) => {
  expect(troubles(examine(edit(RIGHT_STEPS)))).toEqual([expected]);
});

test('the list to paste has the hosts that were listed and those that are missing', () => {
  const [, edit] = FAULTS['a host is missing'] ?? [];
  expect(evidenceOf(examine(edit?.(RIGHT_STEPS) ?? []), 'R52')).toBe(
    'missing are fonts.example.org. The list to paste: cdn.example.com, accounts.example.net, fonts.example.org',
  );
});

test('a domain does not cover its subdomains', () => {
  expect(troubles(examine(RIGHT_STEPS, { ...RECORDED_TARGET, domains: ['example.com'] }))).toEqual(['R52 fail']);
});

test('an error page at the end is named by host and status', () => {
  const report = examine(upTo(5, { method: 'POST', url: LOGIN, status: 500, page: 'page_3' })(RIGHT_STEPS));
  expect(troubles(report)).toEqual(['R36 warn', 'R57 fail']);
  expect(evidenceOf(report, 'R57')).toContain('id.example.com, with HTTP 500');
});

test('the implicit grant: behind # is right, in the query is not', () => {
  expect(troubles(examine(implicit(`${IMPLICIT_URI}#${TOKENS}`)))).toEqual([]);
  const inQuery = `${IMPLICIT_URI}&${TOKENS}`;
  expect(troubles(examine(implicit(inQuery, inQuery)))).toEqual(['R119 fail']);
  expect(troubles(examine(implicit(`${IMPLICIT_URI}#${TOKENS.replace('token_type', 'type')}`)))).toEqual(['R119 fail']);
});

test('a try that was given up before does not count', () => {
  const given = AUTHORIZE.replace(/state=[^&]*/, 'state=another-state');
  const earlier: Step = { url: given, status: 200, referrer: 'https://alexa.amazon.com/', page: 'page_0' };
  expect(troubles(examine([earlier, ...RIGHT_STEPS]))).toEqual([]);
});

test.each([
  ['nothing', []],
  ['another client', RIGHT_STEPS.map((step) => ({ ...step, url: step.url.replace('alexa-lights', 'other') }))],
  ['only what the server asks of itself', RIGHT_STEPS.slice(5)],
])('a recording of %s cannot be used', (_, steps) => {
  expect(() => examine(steps)).toThrow(UnusableRecording);
});

test('no value of a recording is in any finding, whatever is wrong', () => {
  for (const edit of [(steps: readonly Step[]) => steps, ...Object.values(FAULTS).map(([, fault]) => fault)]) {
    const shown = JSON.stringify(examine(edit(RIGHT_STEPS)).findings);
    for (const secret of Object.values(SECRETS)) expect(shown).not.toContain(secret);
  }
});

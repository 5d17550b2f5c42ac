import type { Fault } from '../test/fault-edits.js';
import { MUST_FAULTS, SHOULD_FAULTS } from '../test/faults.js';
import { REAL_CODE } from '../test/parts.js';
import { FaultServer } from '../test/fault-server.js';
import { handleAt, testProbes } from '../test/probes.js';
import { targetOf } from '../test/target.js';
import { runChecks, type Finding, type Report, type Target } from './index.js';

async function examine(fault?: Fault, change: Partial<Target> = {}): Promise<Report> {
  const server = new FaultServer(fault);
  await server.listen();
  try {
    return (await runChecks(targetOf(server.url, change), testProbes({ handle: handleAt(server.url) }))).report;
  } finally {
    await server.close();
  }
}

const failed = ({ findings }: Report, level: Finding['level'] = 'MUST'): readonly string[] => [
  ...new Set(findings.filter((found) => found.level === level && found.status === 'fail').map(({ rule }) => rule)),
];
const warned = ({ findings }: Report): readonly string[] =>
  findings.filter(({ status }) => status === 'warn').map(({ rule }) => rule);

test('a server without faults passes, and what cannot be seen is said', async () => {
  const report = await examine();
  expect(report.findings.filter(({ status }) => status === 'fail' || status === 'warn')).toEqual([]);
  const open = report.findings.filter(({ status }) => status === 'not-tested').map(({ rule }) => rule);
  // Transport on loopback; accepting a code that nobody gave; a code of ten minutes.
  expect(open).toEqual(['R6', 'R7', 'R8', 'R9', 'R10', 'R11', 'R48', 'R48', 'R152', 'R148', 'R59']);
  expect(report.summary.pass).toBeGreaterThan(50);
});

test('a server that asks who it is before it looks at the request passes too', async () => {
  const report = await examine(() => ({ asksFirst: true }));
  expect(report.findings.filter(({ status }) => status === 'fail' || status === 'warn')).toEqual([]);
});

test.each(Object.entries(MUST_FAULTS))(
  '%s: found by the right rule, and no other MUST fails',
  async (_, [rule, fault]) => {
    expect(failed(await examine(fault))).toEqual([rule]);
  },
);

test.each(Object.entries(SHOULD_FAULTS))('%s: a warning, and no MUST fails', async (_, [rule, fault]) => {
  const report = await examine(fault);
  expect(failed(report)).toEqual([]);
  expect(warned(report)).toContain(rule);
});

test.each<[string, Partial<Target>]>([
  ['R21', { redirectUri: 'https://layla.amazon.com/api/skill/link/amzn1.ask.skill.1' }],
  ['R53', { domains: ['*.example.com'] }],
  ['R53', { domains: ['https://example.com/'] }],
  ['R54', { domains: Array.from({ length: 16 }, (_, index) => `host${index}.example.com`) }],
  ['R130', { scope: Array.from({ length: 16 }, (_, index) => `scope${index}`).join(' ') }],
])('what the console says is judged by %s: %j', async (rule, change) => {
  const server = new FaultServer();
  await server.listen();
  const { report } = await runChecks(targetOf(server.url, change), testProbes(), { only: [rule] });
  await server.close();
  expect(failed(report)).toEqual([rule]);
});

const handled = async (fault: Fault | undefined, code: string | undefined) => {
  const server = new FaultServer(fault);
  await server.listen();
  const acceptGrant = { url: `${server.url}/handler`, ...(code === undefined ? {} : { code }) };
  const target = targetOf(server.url, { acceptGrant });
  const only = ['R148', 'R152', 'R153', 'R154', 'R155'];
  const { report } = await runChecks(target, testProbes({ handle: handleAt(server.url) }), { only });
  await server.close();
  return report.findings.map(({ rule, status, evidence }) => [rule, status, evidence]);
};

test('a real code: accepted, and the handler is asked once', async () => {
  expect(await handled(undefined, REAL_CODE)).toEqual([
    ['R148', 'pass', 'after 0.0 s'],
    ['R152', 'pass', 'AcceptGrant.Response with an empty payload'],
    ['R153', 'not-applicable', 'the handler did not refuse'],
    ['R148', 'pass', 'the code of the target was accepted'],
    ['R154', 'not-tested', 'a second directive would need a second code'],
    ['R155', 'pass', expect.stringContaining('"Send Alexa Events" is not to blame')],
  ]);
});

test('a real code that is refused is the cause of failing links', async () => {
  const findings = await handled(undefined, 'a-code-that-was-used-already');
  expect(findings).toContainEqual(['R148', 'fail', 'the code of the target was refused']);
  expect(findings).toContainEqual(['R155', 'warn', expect.stringContaining('"Send Alexa Events" is the cause')]);
});

test('a handler that fails while linking works: Send Alexa Events is said to be the cause', async () => {
  const [, fault] = MUST_FAULTS['the handler returns a promise'] ?? [];
  expect(await handled(fault, undefined)).toContainEqual([
    'R155',
    'warn',
    expect.stringMatching(/^linking works without AcceptGrant.*"Send Alexa Events" is the cause/),
  ]);
});

test('linking that fails by itself: Send Alexa Events is said not to be the cause', async () => {
  const [, fault] = MUST_FAULTS['codes are always refused'] ?? [];
  expect(await handled(fault, undefined)).toContainEqual([
    'R155',
    'not-tested',
    expect.stringMatching(/"Send Alexa Events" is not the cause/),
  ]);
});

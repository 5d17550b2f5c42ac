import { MUST_FAULTS, SHOULD_FAULTS, type Fault } from '../test/faults.js';
import { FaultServer } from '../test/fault-server.js';
import { testProbes } from '../test/probes.js';
import { targetOf } from '../test/target.js';
import { runChecks, type Finding, type Report, type Target } from './index.js';

async function examine(fault?: Fault, change: Partial<Target> = {}): Promise<Report> {
  const server = new FaultServer(fault);
  await server.listen();
  try {
    return (await runChecks(targetOf(server.url, change), testProbes())).report;
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
  expect(open).toEqual(['R6', 'R7', 'R8', 'R9', 'R10', 'R11', 'R48', 'R52', 'R37', 'R59']);
  expect(report.summary.pass).toBeGreaterThan(40);
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

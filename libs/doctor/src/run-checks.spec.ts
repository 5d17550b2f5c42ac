import { FaultServer, SECRET } from '../test/fault-server.js';
import { MUST_FAULTS } from '../test/faults.js';
import { handleAt, testProbes } from '../test/probes.js';
import { targetOf } from '../test/target.js';
import { ALL_CHECKS } from './checks/all-checks.js';
import { checkedRules, runChecks, type Probes, type SignedIn } from './index.js';

let server: FaultServer;
beforeEach(async () => {
  server = new FaultServer();
  await server.listen();
});
afterEach(() => server.close());

const run = (probes: Partial<Probes>, options = {}) => runChecks(targetOf(server.url), testProbes(probes), options);

test('only what was asked for is reported, what it rests on is done in silence', async () => {
  const { report } = await run({}, { only: ['R83', 'R12'] });
  expect(report.findings.map(({ rule, status }) => [rule, status])).toEqual([
    ['R12', 'pass'],
    ['R83', 'pass'],
    ['R12', 'pass'],
  ]);
  expect(report.summary).toEqual({ pass: 3, fail: 0, warn: 0, notTested: 0, notApplicable: 0 });
});

test('what needs no sign-in does not sign in', async () => {
  const signIn = (): Promise<SignedIn> => Promise.reject(new Error('nobody asked for that'));
  const { report } = await run({ signIn }, { only: ['R21', 'R23', 'R91', 'R54'] });
  expect(report.findings.every(({ status }) => status === 'pass')).toBe(true);
});

test('a recipe that cannot be followed is tried once, and is no verdict', async () => {
  let tries = 0;
  const { report, brokenRecipe } = await run({
    signIn: () => {
      tries += 1;
      return Promise.resolve({ kind: 'recipe', says: `step 2 with ${SECRET}` });
    },
  });
  expect([tries, brokenRecipe]).toEqual([1, 'step 2 with [secret]']);
  expect(report.summary.fail).toBe(0);
  expect(report.findings.find(({ rule }) => rule === 'R57')).toMatchObject({
    status: 'not-tested',
    evidence: 'nobody could be signed in: step 2 with [secret]',
  });
});

test('a check that does not end is not-tested, and the next ones go on', async () => {
  const { report } = await run(
    { signIn: () => new Promise(() => undefined), sleep: () => Promise.resolve() },
    { only: ['R57', 'R27'], checkDeadline: 1_000 },
  );
  expect(report.findings.map(({ rule, status, evidence }) => [rule, status, evidence])).toEqual([
    ['R57', 'not-tested', 'not finished within 1 s'],
    ['R27', 'not-tested', expect.stringContaining('R57')],
    ['R27', 'not-tested', expect.stringContaining('R29')],
  ]);
});

test('--slow lets a code grow old, on the clock that is handed in', async () => {
  const waited: number[] = [];
  const usual = testProbes().sleep;
  const sleep: Probes['sleep'] = (ms, signal) => {
    if (ms !== 605_000) return usual(ms, signal);
    waited.push(ms);
    return Promise.resolve();
  };
  const { report } = await run({ sleep }, { only: ['R59'], slow: true });
  expect(waited).toHaveLength(1);
  // The server's codes do not expire.
  expect(report.findings.map(({ status }) => status)).toEqual(['pass', 'warn']);
});

test('no secret that went over the wire is in any report', async () => {
  for (const [, fault] of [['', undefined], ...Object.values(MUST_FAULTS)] as const) {
    const faulty = new FaultServer(fault);
    await faulty.listen();
    const lines: string[] = [];
    const probes = testProbes({ progress: (line) => lines.push(line), handle: handleAt(faulty.url) });
    const { report } = await runChecks(targetOf(faulty.url), probes);
    await faulty.close();
    const shown = JSON.stringify(report) + lines.join('\n');
    const sent = faulty.seen
      .join('\n')
      .matchAll(/(?:state|code|code_verifier|refresh_token|client_secret)=([^&\s]{16,})/g);
    const given = faulty.seen.join('\n').matchAll(/"(?:token|code)":"([^"]{16,})"/g);
    for (const [, value = ''] of [...sent, ...given]) expect(shown).not.toContain(decodeURIComponent(value));
  }
});

test('checks have names of their own, and need only what stands before them', () => {
  const names = ALL_CHECKS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const [index, { needs = [] }] of ALL_CHECKS.entries()) {
    expect(names.slice(0, index)).toEqual(expect.arrayContaining([...needs]));
  }
});

test('the order of rules never changes', () => {
  expect(checkedRules.slice(0, 3)).toEqual(['R21', 'R32', 'R53']);
  expect(checkedRules.at(-1)).toBe('R65');
});

import { nx, nxEnvironment } from './build.mjs';
import { install } from './install.mjs';
import { newRun } from './leak-run.mjs';
import { searchWholeRun } from './leak-step.mjs';
import { tellingLine } from './logs.mjs';
import { root } from './paths.mjs';
import { Problem, say } from './problem.mjs';
import { runFamily } from './run-family.mjs';
import { pinnedNode } from './runtime.mjs';
import { forgetCounts, sumCounts } from './test-counts.mjs';
import { testEnvironment } from './test-tools.mjs';

/**
 * `npm test`: installs what it needs, runs lint, types, build and tests of all projects (or of those named), and
 * ends with one line of sums. @param {string[]} projects @returns {Promise<number>} the exit code
 */
export function runTests(projects) {
  return runFamily((family) => everything(family, projects));
}

async function everything(family, projects) {
  await install(family);
  forgetCounts();
  const expected = await projectsWithTests(family, projects);
  const nxRun = async (targets, { extra = {}, of = projects, parallel = 2 } = {}) => {
    const selected = of.length ? ['-p', of.join(',')] : [];
    const args = [nx(), 'run-many', '-t', ...targets, ...selected, `--parallel=${parallel}`, '--outputStyle=static'];
    const { code, stdout, stderr } = await family.run('nx', pinnedNode(), args, {
      cwd: root,
      env: { ...nxEnvironment(), ...extra },
      show: true,
    });
    return { ok: code === 0, said: stdout + stderr };
  };
  const run = newRun();
  // Chromium and the like are fetched while the processors are busy with what does not need them.
  const [checked, tools] = await Promise.all([nxRun(['lint', 'typecheck', 'build']), testEnvironment()]);
  const extra = { ...tools, LINKBROKER_TEST_RUN: run };
  const lanes = lanesOf(expected);
  const parallel = 2 / lanes.length;
  const ran = await Promise.all(lanes.map((of) => nxRun(['test'], { extra, of, parallel })));
  const tested = { ok: ran.every(({ ok }) => ok), said: ran.map(({ said }) => said).join('') };
  const { line, ok, missing, failures, leaks } = sumCounts(expected);
  const tight = searchWholeRun({ run, leaks, said: tested.said });
  if (missing.length) say(`no test results from: ${missing.join(', ')}`);
  if (!checked.ok) say('lint, typecheck or build failed, see above');
  for (const failure of failures) process.stdout.write(`\nfailed: ${failure}\n`);
  process.stdout.write(`${line}\n`);
  return checked.ok && tested.ok && ok && tight ? 0 : 1;
}

/** What takes half of the time, one after the other. */
const LONGEST = ['e2e', 'admin'];

/**
 * The projects in two lanes that take about as long as each other: nx begins with what it likes, and would leave the longest
 * for the end, when the other processor has nothing to do.
 */
export function lanesOf(projects) {
  const [longest, others] = [
    LONGEST.filter((name) => projects.includes(name)),
    projects.filter((name) => !LONGEST.includes(name)),
  ];
  return longest.length > 0 && others.length > 0 ? [longest, others] : [projects];
}

async function projectsWithTests(family, wanted) {
  const args = [nx(), 'show', 'projects', '--with-target', 'test', '--json'];
  const { code, stdout, stderr } = await family.run('nx', pinnedNode(), args, { cwd: root, env: nxEnvironment() });
  if (code !== 0) throw new Problem(`nx cannot list the projects: ${tellingLine((stderr || stdout).split('\n'))}`);
  const all = JSON.parse(stdout);
  const unknown = wanted.find((name) => !all.includes(name));
  if (unknown) throw new Problem(`there is no project ${unknown} with tests; there are ${all.join(', ')}`);
  return wanted.length ? wanted : all;
}

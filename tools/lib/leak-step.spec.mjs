import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { appendFileSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { forgetDeadRuns, leakRuns, newRun, openLeakRun } from './leak-run.mjs';
import { searchWholeRun } from './leak-step.mjs';

const SECRET = 'planted-in-one-project';
const run = newRun();
const clean = (project) => ({ project, run, secrets: 1, found: [] });
const said = [];

beforeEach(() => {
  said.length = 0;
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(text));
});
afterEach(() => jest.restoreAllMocks());

function twoProjects(output) {
  const [one, two] = ['one', 'two'].map((project) => openLeakRun(run, project));
  appendFileSync(join(one, 'secrets'), `${JSON.stringify({ secret: SECRET, what: 'client secret' })}\n`);
  appendFileSync(join(two, 'output', encodeURIComponent('a.spec.ts, log of broker')), `{"msg":"fine"}\n${output}\n`);
  return [one, two];
}
const leaks = [clean('one'), clean('two')];

test('nothing found: says what was looked for and where, and removes everything', () => {
  const directories = twoProjects('also fine');
  expect(statSync(directories[0]).mode & 0o777).toBe(0o700);
  expect(searchWholeRun({ run, leaks, said: 'all passed' })).toBe(true);
  expect(said.join('')).toMatch(/no leak: 1 secrets looked for in 2 outputs of 0\.0 MB, from 2 projects\n/);
  expect(directories.some((directory) => existsSync(directory))).toBe(false);
});

test.each([
  ['another project’s log', SECRET, 'all passed', 'two: a.spec.ts, log of broker, line 2: client secret, as it is'],
  ['what nx has shown', '', `✕ expected ${SECRET}`, 'what nx has shown, line 1: client secret, as it is'],
])('a planted secret in %s fails the run, which names the place and not the secret', (_, output, shown, place) => {
  twoProjects(output);
  expect(searchWholeRun({ run, leaks, said: shown })).toBe(false);
  expect(said.join('')).toContain(`a secret leaked: ${place}`);
  expect(said.join('')).not.toContain(SECRET);
  expect(leakRuns(run)).toEqual([]);
});

test('a project that has not looked fails the run; one that nx replays has looked', () => {
  const replayed = { ...clean('old'), run: 'earlier' };
  expect(searchWholeRun({ run, leaks: [replayed], said: '' })).toBe(true);
  expect(said.join('')).toMatch(/replayed: 1 that found none of their 1 secrets/);
  expect(searchWholeRun({ run, leaks: [{ ...replayed, found: ['old: somewhere'] }], said: '' })).toBe(false);
  expect(searchWholeRun({ run, leaks: [{ project: 'blind' }], said: '' })).toBe(false);
});

test('what a run has left whose process is gone is removed, and what lives is not', () => {
  const [alive] = twoProjects('');
  // No process has this id: Linux gives none above 2^22.
  const dead = openLeakRun('99999999x0', 'one');
  forgetDeadRuns();
  expect([alive, dead].map((directory) => existsSync(directory))).toEqual([true, false]);
  searchWholeRun({ run, leaks, said: '' });
});

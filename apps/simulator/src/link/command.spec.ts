import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWorld, type World } from '../../test/world.js';
import { runLinkCommand } from './command.js';

let world: World;
let folder: string;
let file: string;

beforeAll(async () => {
  world = await startWorld();
  folder = mkdtempSync(join(tmpdir(), 'simulator-'));
  file = join(folder, 'skills.json');
  writeFileSync(file, JSON.stringify([world.skill]));
});

afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

async function run(args: string[], env: Record<string, string> = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = { out: (line: string) => out.push(line), err: (line: string) => err.push(line), colour: false };
  const code = await runLinkCommand(args, { BROKER_URL: world.broker.url, SIMULATOR_SKILLS: file, ...env }, terminal);
  return { code, out, err };
}

it('links alexa-demo as alice without arguments', async () => {
  const { code, out, err } = await run([]);
  expect({ code, err }).toEqual({ code: 0, err: [] });
  expect(out.at(-1)).toMatch(/^Linked: alexa-demo as alice in /);
});

it('takes its arguments', async () => {
  const { code, out } = await run(['--user', 'bob', '--basic', '--pkce', '--raw-state', '--connector', 'home']);
  expect(code).toBe(0);
  expect(out.join('\n')).toContain('HTTP_BASIC, PKCE S256');
});

it('exits with 1 when the link fails', async () => {
  expect(await run(['--password', 'wrong'])).toMatchObject({ code: 1, err: [] });
});

it.each<[string[], Record<string, string>, RegExp]>([
  [['--skill', 'nobody'], {}, /no skill nobody in .*skills\.json \(there: alexa-demo\)/],
  [['--colour'], {}, /Unknown option '--colour'/],
  [[], { SIMULATOR_SKILLS: '' }, /^link: SIMULATOR_SKILLS is not set$/],
  [[], { BROKER_URL: 'nowhere' }, /^link: BROKER_URL is wrong/],
])('says in one line what is wrong with %j %j', async (args, env, says) => {
  const { code, out, err } = await run(args, env);
  expect({ code, out }).toEqual({ code: 1, out: [] });
  expect(err).toEqual([expect.stringMatching(says)]);
});

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './launcher/launch.js';
import { pinnedNode } from './support/tools.js';

interface Graph {
  readonly graph: {
    readonly nodes: Readonly<Record<string, { readonly data: { readonly tags?: readonly string[] } }>>;
    readonly dependencies: Readonly<Record<string, readonly { readonly target: string; readonly type: string }[]>>;
  };
}

/** Runs Nx without a daemon and without its cache; resolves also when it fails. */
async function nx(...args: string[]): Promise<{ failed: boolean; output: string }> {
  const node = await pinnedNode();
  const env = { ...process.env, NODE_OPTIONS: '', NX_DAEMON: 'false', NX_SKIP_NX_CACHE: 'true', FORCE_COLOR: '0' };
  return new Promise((resolve) => {
    execFile(node, [join(root, 'node_modules/.bin/nx'), ...args], { cwd: root, env }, (error, stdout, stderr) => {
      resolve({ failed: error !== null, output: stdout + stderr });
    });
  });
}

test('the import fence bites, and a printed token is caught', async () => {
  const { failed, output } = await nx('run', 'fence-fixture:prove');
  expect(failed).toBe(true);
  expect(output).toContain('@nx/enforce-module-boundaries');
  expect(output).toContain('no-console');
}, 60_000);

test('the project graph has no cycle, and every project has its tags', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'linkbroker-graph-'));
  const file = join(directory, 'graph.json');
  const { failed, output } = await nx('graph', `--file=${file}`);
  expect(failed ? output : '').toBe('');
  const { graph } = JSON.parse(readFileSync(file, 'utf8')) as Graph;
  rmSync(directory, { recursive: true });
  const targets = (name: string): string[] =>
    (graph.dependencies[name] ?? []).filter(({ type }) => type !== 'implicit').map(({ target }) => target);
  const cycleFrom = (name: string, path: readonly string[] = []): readonly string[] | undefined => {
    if (path.includes(name)) return [...path, name];
    for (const target of targets(name)) {
      const cycle = cycleFrom(target, [...path, name]);
      if (cycle) return cycle;
    }
    return undefined;
  };
  const names = Object.keys(graph.nodes);
  expect(names.length).toBeGreaterThan(15);
  for (const name of names) {
    expect(cycleFrom(name)).toBeUndefined();
    if (name !== 'linkbroker') expect(graph.nodes[name]?.data.tags).toContainEqual(expect.stringMatching(/^type:/));
  }
}, 60_000);

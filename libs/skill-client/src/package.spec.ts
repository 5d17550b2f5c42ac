import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));
const project = join(root, 'libs/skill-client');

/** What npm would publish, in a folder where nothing else is installed. */
let elsewhere = '';
let files: string[] = [];

beforeAll(async () => {
  elsewhere = await mkdtemp(join(tmpdir(), 'skill-client-'));
  await run(process.execPath, [
    join(root, 'node_modules/typescript/bin/tsc'),
    '-b',
    join(project, 'tsconfig.build.json'),
  ]);
  const packed = await run('npm', ['pack', '--json', '--pack-destination', elsewhere], { cwd: project });
  const [{ filename, files: listed }] = JSON.parse(packed.stdout) as [{ filename: string; files: { path: string }[] }];
  files = listed.map(({ path }) => path);
  const home = join(elsewhere, 'node_modules/@linkbroker/skill-client');
  await mkdir(home, { recursive: true });
  await run('tar', ['-xzf', join(elsewhere, filename), '-C', home, '--strip-components=1']);
});
afterAll(() => rm(elsewhere, { recursive: true, force: true }));

it('holds the build, its types and the README, and nothing else', () => {
  expect(files).toEqual(expect.arrayContaining(['package.json', 'README.md', 'dist/index.js', 'dist/index.d.ts']));
  const rest = files.filter((path) => !/^(?:package\.json|README\.md|dist\/[a-z-]+\.(?:js|d\.ts))$/.test(path));
  expect(rest).toEqual([]);
  expect(files.filter((path) => /spec/.test(path))).toEqual([]);
});

it('may be published and needs nothing', async () => {
  const text = await readFile(join(elsewhere, 'node_modules/@linkbroker/skill-client/package.json'), 'utf8');
  const manifest = JSON.parse(text) as Record<string, unknown>;
  expect(manifest).toMatchObject({ name: '@linkbroker/skill-client', engines: { node: '>=20' } });
  for (const key of ['private', 'dependencies', 'peerDependencies', 'repository'])
    expect(manifest).not.toHaveProperty(key);
  expect(manifest['license']).toBeTruthy();
});

it('runs where only Node is', async () => {
  await writeFile(
    join(elsewhere, 'index.mjs'),
    `import { createSkillClient, errorResponseFor } from '@linkbroker/skill-client';
     const client = createSkillClient({ brokerUrl: 'https://link.example.com', clientId: 'a', clientSecret: 'b' });
     const request = { directive: { header: { namespace: 'Alexa', name: 'ReportState' } } };
     const { event } = errorResponseFor(await client.upstreamToken(undefined), request);
     process.stdout.write(event.payload.type);`,
  );
  const { stdout } = await run(process.execPath, ['index.mjs'], { cwd: elsewhere, env: {} });
  expect(stdout).toBe('INTERNAL_ERROR');
});

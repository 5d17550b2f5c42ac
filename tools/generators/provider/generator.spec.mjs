import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../../lib/paths.mjs';
import generate from './generator.mjs';

/** A folder as the tree that Nx hands to a generator. */
const treeOf = (folder) => ({
  exists: (path) => existsSync(join(folder, path)),
  read: (path) => readFileSync(join(folder, path), 'utf8'),
  write: (path, text) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  },
});

describe('nx g provider', () => {
  let copy;

  beforeAll(() => {
    // Below the workspace, so that its packages are found.
    mkdirSync(join(root, 'tmp'), { recursive: true });
    copy = mkdtempSync(join(root, 'tmp/generated-'));
    cpSync(join(root, 'tsconfig.base.json'), join(copy, 'tsconfig.base.json'));
    for (const part of ['src', 'test', 'fixtures', 'package.json', 'tsconfig.build.json']) {
      cpSync(join(root, 'libs/providers', part), join(copy, 'libs/providers', part), { recursive: true });
    }
    const preset = JSON.stringify(join(root, 'jest.preset.mjs'));
    const config = `import { project } from ${preset};\nexport default { ...project('copy'), reporters: ['default'] };\n`;
    writeFileSync(join(copy, 'libs/providers/jest.config.mjs'), config);
    generate(treeOf(copy), { id: 'acme-cloud' });
  });

  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it('puts the provider into the index, in order', () => {
    const index = readFileSync(join(copy, 'libs/providers/src/catalogue/index.ts'), 'utf8');
    expect(index).toContain("import { acmeCloud } from './acme-cloud.js';\n");
    expect(index).toContain('= [\n  acmeCloud,\n');
    const ids = [...index.matchAll(/^import .* from '\.\/(.*)\.js';$/gm)].map(([, id]) => id);
    expect(ids).toEqual([...ids].sort());
  });

  it('writes what compiles', () => {
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const config = join(copy, 'libs/providers/tsconfig.build.json');
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', config, '--noEmit', '--composite', 'false']);
    expect([status, stdout.toString()]).toEqual([0, '']);
  });

  it('leaves a provider that the contract suite refuses, in words that say what to look up', () => {
    const args = [join(root, 'node_modules/jest/bin/jest.js'), '--no-cache', '--colors=false', '-t', 'acme-cloud'];
    const { status, stderr } = spawnSync(process.execPath, [...args, 'catalogue.spec'], {
      cwd: join(copy, 'libs/providers'),
      env: { ...process.env, NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning' },
    });
    const said = stderr.toString();
    expect(status).toBe(1);
    expect(said).toContain('acme-cloud › leaves nothing to fill in');
    for (const words of ['token endpoint', 'path of the account', 'name that households know', 'shows this answer']) {
      expect(said).toMatch(new RegExp(`FILL IN: .*${words}`));
    }
  });

  it.each(['google', 'Acme', 'ac', '-acme', 'acme_cloud', '../acme', ''])(
    'refuses the id %j and writes nothing',
    (id) => {
      const written = [];
      const tree = { ...treeOf(root), write: (path) => written.push(path) };
      expect(() => generate(tree, { id })).toThrow();
      expect(written).toEqual([]);
    },
  );
});

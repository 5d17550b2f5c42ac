import { describe, expect, it } from '@jest/globals';
import { CATALOGUE } from '@linkbroker/providers';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from '../lib/paths.mjs';

/**
 * What a provider needs stands in its declaration, or else every file ends up with an `if` per brand (ADR 0010). So
 * no code of the product may name a provider: not as a whole text, not as a whole identifier. Words within a longer
 * text or name are left alone, comments too. Written differently (`gitHub`, `GITHUB_APP`) it is still the same name.
 */
const CODE = ['apps/{broker,worker,admin}/src/**/*.ts', 'libs/*/src/**/*.ts'];
/** The declarations; Amazon’s side, whose names are not an upstream’s; tests and what they share, which may use any provider. */
const EXEMPT = /^libs\/providers\/src\/catalogue\/|^libs\/alexa\/|^libs\/testing\/|\.spec\.ts$/;
/** Both are protocols as well, and the library that knows the protocols says so. */
const PROTOCOLS = new Set(['oidc', 'oauth2']);

const plain = (text) => text.toLowerCase().replaceAll(/(?<=\w)[-_]/g, '');
const brands = new Set(CATALOGUE.map(({ id }) => plain(id)));

/** Names of providers in a source, with their lines. */
function namesIn(path, source) {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const found = [];
  const visit = (node) => {
    if ((ts.isStringLiteralLike(node) || ts.isIdentifier(node)) && brands.has(plain(node.text))) {
      const allowed = path.startsWith('libs/providers/') && PROTOCOLS.has(node.text);
      if (!allowed) found.push(`${path}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${node.text}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

describe('names of providers', () => {
  it('stand in the catalogue only', () => {
    const files = globSync(CODE, { cwd: root }).filter((path) => !EXEMPT.test(path));
    expect(files.length).toBeGreaterThan(100);
    expect(files.flatMap((path) => namesIn(path, readFileSync(join(root, path), 'utf8')))).toEqual([]);
  });

  it.each([
    ["if (provider.id === 'google') {}", 'google'],
    ['const quirks = { github: true };', 'github'],
    ['const x = `slack`;', 'slack'],
    ['const GITHUB_APP = 1;', 'GITHUB_APP'],
    ["import { apple } from './apple.js';", 'apple'],
    ["const protocol = 'oidc';", 'oidc'],
  ])('are found in %s', (source, name) => {
    expect(namesIn('libs/linking/src/x.ts', source)).toEqual([`libs/linking/src/x.ts:1 ${name}`]);
  });

  it.each([
    "const url = 'https://accounts.google.com';",
    '// google',
    'const googleBot = 1;',
    'this._google();',
    "throw new Error('no google here');",
  ])('are not taken for one in %s', (source) => {
    expect(namesIn('libs/linking/src/x.ts', source)).toEqual([]);
  });

  it('may be a protocol where protocols are at home', () => {
    expect(namesIn('libs/providers/src/x.ts', "const protocol = 'oidc';")).toEqual([]);
  });
});

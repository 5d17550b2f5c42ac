import { addToIndex, declarationOf, fixturesOf } from './skeleton.mjs';

const CATALOGUE = 'libs/providers/src/catalogue';
const FIXTURES = 'libs/providers/fixtures';
const ID = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * Writes a provider's declaration, its fixtures and its line in the index. What only the provider's documentation can
 * tell is left as `FILL IN: …`, and the contract suite fails on each of them by name.
 * @param {import('nx/src/generators/tree').Tree} tree @param {{ id: string }} options
 * @throws {Error} for an id that is none or is taken
 */
export default function provider(tree, { id }) {
  if (!ID.test(id) || id.length < 3) throw new Error(`"${id}" is no id: use lowercase letters, digits and hyphens`);
  const file = `${CATALOGUE}/${id}.ts`;
  if (tree.exists(file)) throw new Error(`there is a provider ${id} already`);
  const index = `${CATALOGUE}/index.ts`;
  const changed = addToIndex(tree.read(index, 'utf8') ?? '', id);
  tree.write(file, declarationOf(id));
  for (const [name, text] of Object.entries(fixturesOf(id))) tree.write(`${FIXTURES}/${id}/${name}.json`, text);
  tree.write(index, changed);
}

import { expect, it } from '@jest/globals';
import { CATALOGUE, upstreamModeRefusal } from '@linkbroker/providers';
import { readFileSync } from 'node:fs';
import { providersFile, providersPage } from '../providers-page.mjs';

it('docs/providers.md is what npm run docs:providers writes', async () => {
  expect(readFileSync(providersFile, 'utf8')).toBe(await providersPage(CATALOGUE, upstreamModeRefusal));
});

import { expect, test } from '@jest/globals';
import { lanesOf } from './test-run.mjs';

test.each([
  [
    ['admin', 'broker', 'console', 'e2e'],
    [
      ['e2e', 'admin'],
      ['broker', 'console'],
    ],
  ],
  [['broker', 'console'], [['broker', 'console']]],
  [['e2e'], [['e2e']]],
  [['e2e', 'admin'], [['e2e', 'admin']]],
  [
    ['admin', 'broker'],
    [['admin'], ['broker']],
  ],
])('%j go in the lanes %j', (projects, lanes) => {
  expect(lanesOf(projects)).toEqual(lanes);
});

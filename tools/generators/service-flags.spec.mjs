import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/paths.mjs';
import { serviceEnvironment, serviceFlags } from '../lib/runtime.mjs';

/** Who runs processes in containers or by hand has the flags that were measured. */
const [[variable, value]] = Object.entries(serviceEnvironment);
const read = (file) => readFileSync(join(root, file), 'utf8');

test.each(['broker', 'worker', 'admin'])('%s has the same flags in its image and in the guide', (app) => {
  const script = `apps/${app}/dist/main.js`;
  const command = ['node', ...serviceFlags, script].map((part) => `"${part}"`).join(', ');
  expect(read('docker/Dockerfile')).toContain(`CMD [${command}]`);
  expect(read('docs/operations.md')).toContain(`node ${serviceFlags.join(' ')} ${script}`);
});

test('images and guide have the same environment', () => {
  expect(Object.keys(serviceEnvironment)).toHaveLength(1);
  expect(read('docker/Dockerfile')).toMatch(new RegExp(`^ENV .*\\b${variable}=${value}\\b`, 'm'));
  expect(read('docs/operations.md')).toContain(`export ${variable}=${value}`);
});

/**
 * One Jest preset for every project: ESM, SWC with decorators, sources instead of builds for the
 * workspace's own packages, and a reporter that leaves each project's counts in tmp/test-results.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));

/** @param {string} displayName project name @param {{ stores?: boolean, timeout?: number }} [options] */
export function project(displayName, { stores = false, timeout = 60_000 } = {}) {
  return {
    displayName,
    testEnvironment: 'node',
    testMatch: ['<rootDir>/**/*.spec.ts'],
    testPathIgnorePatterns: ['/node_modules/', '/dist/', '/out-tsc/'],
    testTimeout: timeout,
    // Where nobody watches, what a failed test has left running must not keep the run from its end.
    forceExit: process.env.CI === 'true' || process.env.LINKBROKER_TEST_RUN !== undefined,
    extensionsToTreatAsEsm: ['.ts'],
    transform: {
      '^.+\\.ts$': [
        join(root, 'node_modules/@swc/jest'),
        {
          jsc: {
            target: 'es2023',
            parser: { syntax: 'typescript', decorators: true },
            transform: { legacyDecorator: true, decoratorMetadata: true },
          },
          module: { type: 'es6' },
        },
      ],
    },
    moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
    testEnvironmentOptions: { customExportConditions: ['@linkbroker/source', 'node', 'node-addons'] },
    setupFiles: [join(root, 'tools/jest/setup-nest.mjs')],
    ...(stores
      ? {
          globalSetup: join(root, 'tools/jest/start-stores.mjs'),
          globalTeardown: join(root, 'tools/jest/stop-stores.mjs'),
        }
      : {}),
    reporters: ['default', [join(root, 'tools/jest/counts-reporter.mjs'), { project: displayName }]],
  };
}

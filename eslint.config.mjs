import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Who may import what. The rule needs the project graph: run it through `nx lint`, plain eslint skips it silently. */
const DEPENDENCIES = [
  { sourceTag: 'type:pure', onlyDependOnLibsWithTags: ['type:pure'] },
  { sourceTag: 'type:contract', onlyDependOnLibsWithTags: ['type:contract'] },
  { sourceTag: 'type:flow', onlyDependOnLibsWithTags: ['type:pure', 'type:contract'] },
  { sourceTag: 'type:adapter', onlyDependOnLibsWithTags: ['type:pure', 'type:contract'] },
  { sourceTag: 'type:ui', onlyDependOnLibsWithTags: ['type:ui', 'type:contract'] },
  {
    sourceTag: 'type:app',
    onlyDependOnLibsWithTags: ['type:pure', 'type:contract', 'type:flow', 'type:adapter', 'type:ui', 'type:app'],
  },
  { sourceTag: 'type:test', onlyDependOnLibsWithTags: ['type:pure', 'type:contract'] },
  { sourceTag: 'scope:web', notDependOnLibsWithTags: ['scope:server'] },
];
/** Specs may also use the shared suites, and stand on the projects they test against. */
const SPEC_DEPENDENCIES = [
  { sourceTag: 'type:pure', onlyDependOnLibsWithTags: ['type:pure'] },
  { sourceTag: '*', onlyDependOnLibsWithTags: ['*'] },
];

const NO_SECRETS = [
  {
    selector: "MemberExpression[object.name='console']",
    message: 'Log through libs/telemetry: it redacts. console writes secrets as they are.',
  },
];

const boundaries = (depConstraints) => [
  'error',
  { enforceBuildableLibDependency: false, allow: ['^.*/jest\\.preset\\.mjs$'], depConstraints },
];

export default tseslint.config(
  { ignores: ['**/dist', '**/out-tsc', '**/node_modules', 'tmp', '.cache', '.data*', '.nx', 'coverage'] },
  js.configs.recommended,
  ...nx.configs['flat/base'],
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@nx/enforce-module-boundaries': boundaries(DEPENDENCIES),
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/prefer-nullish-coalescing': 'off',
      complexity: ['error', 12],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...NO_SECRETS],
      'no-restricted-imports': ['error', { paths: [{ name: 'node:console', message: 'Log through libs/telemetry.' }] }],
    },
  },
  {
    // A pure lib has no clock, no randomness and no I/O: they are parameters.
    files: ['libs/{protocol,alexa,providers}/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-globals': ['error', 'fetch', 'setTimeout', 'setInterval', 'performance', 'process'],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Pure: take now as a parameter.' },
        { object: 'Math', property: 'random', message: 'Pure: take randomness as a parameter.' },
      ],
      'no-restricted-syntax': [
        'error',
        ...NO_SECRETS,
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Pure: take now as a parameter.',
        },
        {
          selector: 'ImportDeclaration[source.value=/^node:(?!crypto$|util$)/]',
          message: 'Pure: only hashing from node:crypto.',
        },
      ],
    },
  },
  {
    files: ['**/*.spec.ts', '**/test/**/*.ts', 'apps/e2e/**/*.ts', 'libs/testing/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': boundaries(SPEC_DEPENDENCIES),
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-deprecated': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  { files: ['**/migrations/*.ts'], rules: { 'max-lines': 'off' } },
  {
    files: ['**/*.mjs'],
    rules: { 'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }] },
    languageOptions: {
      globals: Object.fromEntries(
        [
          'process',
          'console',
          'URL',
          'Buffer',
          'setTimeout',
          'clearTimeout',
          'setInterval',
          'clearInterval',
          'performance',
          'fetch',
          'AbortSignal',
          'AbortController',
          'URLSearchParams',
          'setImmediate',
          'TextDecoder',
          'TextEncoder',
          'queueMicrotask',
          'structuredClone',
          'globalThis',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
  prettier,
);

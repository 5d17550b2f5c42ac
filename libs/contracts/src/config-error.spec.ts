import { ConfigError } from './config-error.js';

it('says each problem on a line of its own, with place where there is one', () => {
  const error = new ConfigError([
    { line: 3, path: 'tenants[0].slug', message: 'is wrong' },
    { line: null, path: 'BROKER_PORT', message: 'is not set' },
    { line: 7, path: '', message: 'environment variable X is not set' },
    { line: null, path: '', message: 'no file given' },
  ]);
  expect(error.message.split('\n')).toEqual([
    'line 3: tenants[0].slug: is wrong',
    'BROKER_PORT: is not set',
    'line 7: environment variable X is not set',
    'no file given',
  ]);
  expect(error.name).toBe('ConfigError');
});

import { queueConnection } from './connection.js';

describe('queueConnection', () => {
  it.each([
    ['redis://127.0.0.1:6380', { host: '127.0.0.1', port: 6380 }],
    ['redis://cache.internal', { host: 'cache.internal', port: 6379 }],
    ['redis://[::1]:7000', { host: '::1', port: 7000 }],
    ['redis://:p%40ss%3A@cache', { host: 'cache', port: 6379, password: 'p@ss:' }],
    ['redis://app:s@cache', { host: 'cache', port: 6379, username: 'app', password: 's' }],
    ['redis://ap%70@cache', { host: 'cache', port: 6379, username: 'app' }],
    ['redis://cache/3', { host: 'cache', port: 6379, db: 3 }],
    ['redis://cache/', { host: 'cache', port: 6379 }],
    ['rediss://cache:6390/1', { host: 'cache', port: 6390, db: 1, tls: {} }],
  ])('%s', (url, expected) => {
    expect(queueConnection(url)).toEqual({
      ...expected,
      maxRetriesPerRequest: null,
      retryStrategy: expect.any(Function) as unknown,
    });
  });

  it('waits for Redis as long as it takes, asking every two seconds at most', () => {
    const { retryStrategy } = queueConnection('redis://cache') as { retryStrategy: (attempt: number) => number };
    const delays = [1, 2, 5, 10, 11, 1_000_000].map((attempt) => retryStrategy(attempt));
    expect(delays).toEqual([200, 400, 1_000, 2_000, 2_000, 2_000]);
  });

  it('refuses what is no address', () => {
    expect(() => queueConnection('not an address')).toThrow('Invalid URL');
  });
});

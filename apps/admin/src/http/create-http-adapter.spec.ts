import type { FastifyInstance } from 'fastify';
import { createHttpAdapter } from './create-http-adapter.js';

test('a request that nothing answers is told so in time, and what comes later goes nowhere', async () => {
  const adapter = createHttpAdapter({ trustedProxies: '', secure: true, answerWithinMs: 50 });
  const fastify = adapter.getInstance<FastifyInstance>();
  let release = (): void => undefined;
  const frozen = new Promise<void>((resolve) => (release = resolve));
  fastify.get('/frozen', async () => {
    await frozen;
    return { late: true };
  });
  fastify.get('/quick', () => ({ late: false }));
  const answer = await fastify.inject('/frozen');
  expect([answer.statusCode, answer.headers['retry-after'], answer.json<{ title: string }>().title]).toEqual([
    503,
    '5',
    'Not available',
  ]);
  release();
  const quick = await fastify.inject('/quick');
  expect([quick.statusCode, quick.headers['strict-transport-security'], quick.headers['x-frame-options']]).toEqual([
    200,
    'max-age=31536000',
    'DENY',
  ]);
  await fastify.close();
});

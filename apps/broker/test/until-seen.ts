import type { Skill } from '@linkbroker/contracts';
import { setTimeout as pause } from 'node:timers/promises';
import type { TestBroker } from './test-broker.js';

/** Waits until the broker works with what was applied: it keeps a client for a moment. */
export async function untilSeen(
  { broker }: TestBroker,
  clientId: string,
  isSeen: (skill: Skill) => boolean,
): Promise<void> {
  const until = performance.now() + 10_000;
  while (performance.now() < until) {
    const client = await broker.needs.clients.find(clientId, 0, performance.now() + 5_000);
    if (client && isSeen(client.skill)) return;
    await pause(20);
  }
  throw new Error(`the broker does not see what was applied of ${clientId}`);
}

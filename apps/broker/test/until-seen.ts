import type { Skill } from '@linkbroker/contracts';
import { eventually } from '@linkbroker/testing';
import type { TestBroker } from './test-broker.js';

/** Waits until the broker works with what was applied: it keeps a client for a moment. */
export async function untilSeen(
  { broker }: TestBroker,
  clientId: string,
  isSeen: (skill: Skill) => boolean,
): Promise<void> {
  await eventually(
    `the broker to see what was applied of ${clientId}`,
    async () => {
      const client = await broker.needs.clients.find(clientId, 0, performance.now() + 5_000);
      return client !== undefined && isSeen(client.skill);
    },
    10_000,
  );
}

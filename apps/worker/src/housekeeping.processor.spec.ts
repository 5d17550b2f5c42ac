import { createLogger } from '@linkbroker/telemetry';
import { watchedLog } from '@linkbroker/testing';
import type { Job, Queue } from 'bullmq';
import { HousekeepingProcessor } from './housekeeping.processor.js';
import type { WorkerNeeds } from './worker-needs.js';

const turn = (chore: string) => ({ data: { chore } }) as Job;

test('a turn that comes while the chore still runs is left out, and holds up no other chore', async () => {
  let finish: (removed: number) => void = () => undefined;
  let calls = 0;
  const housekeeping = {
    expirePendingGrants: () => {
      calls += 1;
      return new Promise<number>((resolve) => (finish = resolve));
    },
    retireClientSecrets: () => Promise.resolve(3),
  };
  const needs = {
    now: () => new Date(),
    logger: createLogger({ app: 'worker', level: 'info', destination: watchedLog('worker') }),
    housekeeping,
  };
  const processor = new HousekeepingProcessor(needs as unknown as WorkerNeeds, {} as Queue);
  const first = processor.process(turn('expire-pending-grants'));
  expect(await processor.process(turn('expire-pending-grants'))).toBe(0);
  expect(await processor.process(turn('retire-client-secrets'))).toBe(3);
  expect(calls).toBe(1);
  finish(2);
  expect(await first).toBe(2);
  const next = processor.process(turn('expire-pending-grants'));
  finish(1);
  expect(await next).toBe(1);
  expect(calls).toBe(2);
});

test('a chore that failed has its next turn', async () => {
  const answers = [Promise.reject(new Error('away')), Promise.resolve(1)];
  answers[0]?.catch(() => undefined);
  const needs = {
    now: () => new Date(),
    logger: createLogger({ app: 'worker', level: 'info', destination: watchedLog('worker') }),
    housekeeping: { retireClientSecrets: () => answers.shift() },
  };
  const processor = new HousekeepingProcessor(needs as unknown as WorkerNeeds, {} as Queue);
  await expect(processor.process(turn('retire-client-secrets'))).rejects.toThrow('away');
  expect(await processor.process(turn('retire-client-secrets'))).toBe(1);
});

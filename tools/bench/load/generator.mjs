import { exchangeCodes, exchangeTokens, refreshClosedLoop } from './closed-loop.mjs';
import { refreshOpenLoop } from './open-loop.mjs';

/**
 * The load generator: a process of its own, so that what it costs can be told from what the servers cost. Takes one
 * task at a time over IPC and answers `{ result }` or `{ error }`.
 */
const kinds = { refreshClosedLoop, refreshOpenLoop, exchangeCodes, exchangeTokens };

process.on('disconnect', () => process.exit(0));
// Ctrl-C ends the bench in order; this process ends with its channel.
process.on('SIGINT', () => {});
process.on('uncaughtException', (error) => {
  process.send({ error: error.message }, () => process.exit(1));
});

process.on('message', ({ kind, task }) => {
  const cpu = process.cpuUsage();
  const began = performance.now();
  kinds[kind](task).then(
    (result) => {
      const { user, system } = process.cpuUsage(cpu);
      const wall = (performance.now() - began) * 1_000;
      process.send({ result: { ...result, generatorShare: (user + system) / wall } });
    },
    (error) => process.send({ error: error.message }),
  );
});
process.send({ ready: true });

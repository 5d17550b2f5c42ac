import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../lib/ports.mjs';
import { Member } from './member.mjs';
import { processes } from './schedule.mjs';

/**
 * The product's processes as they are deployed: each with its own ports and its own DATA_DIR.
 * @param {{ guard: object, directory: string, envOf: (app: string) => Record<string, string>, onPids: (pids: number[]) => void }} parts
 */
export async function createFleet({ guard, directory, envOf, onPids }) {
  const members = [];
  const changed = () => onPids(members.map((one) => one.pid()).filter(Boolean));
  for (const name of processes) {
    const app = name.replace(/-\d$/, '');
    const [port, metricsPort, dataDir] = [await freePort(), await freePort(), join(directory, name)];
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const ports = { BROKER_PORT: String(port), METRICS_PORT: String(metricsPort) };
    const env = { ...envOf(app), ...ports, DATA_DIR: dataDir };
    const log = join(directory, 'logs', `${name}.log`);
    members.push(new Member({ name, app, port, metricsPort, dataDir, env, log, guard, changed }));
  }
  return {
    of: (name) => members.find((one) => one.name === name),
    /** @returns {string | undefined} the name of who has this pid, or had it */
    nameOf: (pid) => members.find((one) => one.pids.has(pid))?.name,
    brokers: () => members.filter(({ name }) => name.startsWith('broker')),
    all: () => members,
    /** All run and say that they are ready. @throws {Problem} */
    async ready() {
      await Promise.all(members.map((one) => one.ready()));
    },
    stop: () => Promise.all(members.map((one) => one.stop())),
  };
}

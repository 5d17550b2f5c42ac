import { rename, writeFile } from 'node:fs/promises';
import { createSimulator } from './create-simulator.js';
import { EnvironmentError, readEnvironment } from './environment.js';
import { skillsFromFiles, SkillsFileError } from './skills.js';

const stopWithinMs = 8000;

async function main(): Promise<void> {
  const env = readEnvironment(process.env);
  const skills = skillsFromFiles(env.SIMULATOR_SKILLS);
  skills();
  const client = { clientId: 'linkbroker-demo', clientSecret: env.DEMO_UPSTREAM_SECRET, brokerCallbacks: true };
  const simulator = createSimulator({
    port: env.SIMULATOR_PORT,
    url: env.SIMULATOR_URL,
    brokerUrl: env.brokerUrl,
    skills,
    upstream: { clients: [client] },
    skillEvents: true,
    key: env.SIMULATOR_KEY,
    logLevel: env.LOG_LEVEL,
  });
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), stopWithinMs).unref();
    void simulator.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // The launcher holds an IPC channel; when it dies without a word, the channel closes.
  process.on('disconnect', stop);
  if (env.SIMULATOR_CA_FILE)
    await writeWhole(env.SIMULATOR_CA_FILE, await simulator.skillEvents.authority.certificate());
  await simulator.listen({ host: env.HOST, port: env.SIMULATOR_PORT });
}

/** The broker may read it at any moment: it is there whole, or as it was. */
async function writeWhole(file: string, text: string): Promise<void> {
  const beside = `${file}.${String(process.pid)}`;
  await writeFile(beside, text);
  await rename(beside, file);
}

try {
  await main();
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  const known = error instanceof EnvironmentError || error instanceof SkillsFileError || code !== undefined;
  const taken = code === 'EADDRINUSE' ? 'SIMULATOR_PORT: the port is taken: ' : '';
  process.stderr.write(`simulator: ${taken}${known ? message : (error as Error).stack}\n`);
  process.exitCode = 1;
}

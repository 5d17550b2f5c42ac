import type { AddressInfo } from 'node:net';
import { createSimulator, type Simulator, type SimulatorOptions } from '../src/create-simulator.js';
import type { Skill } from '../src/skills.js';
import { FakeBroker } from './fake-broker.js';

/** A simulator and a fake broker that know each other, on free ports, with a clock that stands still. */
export interface World {
  readonly simulator: Simulator;
  readonly simulatorUrl: string;
  readonly broker: FakeBroker;
  readonly skill: Skill;
  readonly clock: { now: number };
  close(): Promise<void>;
}

const alexa = { clientId: 'alexa-demo', clientSecret: 'demo skill secret/+' };
const backend = { clientId: 'demo-backend', clientSecret: 'backend-secret-0123456789' };
export const upstreamClient = { clientId: 'linkbroker-demo', clientSecret: 'upstream-secret-0123456789' };

export async function startWorld(change: Partial<Skill> = {}, options: Partial<SimulatorOptions> = {}): Promise<World> {
  const clock = { now: Date.UTC(2026, 10, 22, 12) };
  const addresses = { simulator: '' };
  const broker = new FakeBroker(alexa, backend, () => ({ issuer: `${addresses.simulator}/oidc`, ...upstreamClient }));
  await broker.server.listen({ host: '127.0.0.1', port: 0 });
  const vendorId = 'M3KVOEXUO4ALBL';
  const skills: Skill[] = [];
  const simulator = createSimulator({
    brokerUrl: () => broker.url,
    skills: () => skills,
    upstream: { clients: [{ ...upstreamClient, brokerCallbacks: true }] },
    now: () => clock.now,
    ...options,
  });
  await simulator.listen({ host: '127.0.0.1', port: 0 });
  addresses.simulator = `http://localhost:${(simulator.server.address() as AddressInfo).port}`;
  const amazon = ['pitangui.amazon.com', 'layla.amazon.com', 'alexa.amazon.co.jp'];
  const redirectUris = [
    ...amazon.map((host) => `https://${host}/api/skill/link/${vendorId}`),
    `${addresses.simulator}/alexa/api/skill/link/${vendorId}`,
  ];
  const skill: Skill = {
    name: 'Acme Lights',
    ...alexa,
    vendorId,
    skillId: 'amzn1.ask.skill.1',
    scopes: ['lights', 'heating'],
    redirectUris,
    pkce: 'optional',
    backend,
    ...change,
  };
  skills.push(skill);
  const close = async () => {
    await simulator.close();
    await broker.server.close();
  };
  return { simulator, simulatorUrl: addresses.simulator, broker, skill, clock, close };
}

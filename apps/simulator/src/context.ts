import type { UpstreamClient } from './upstream/clients.js';
import type { Skill } from './skills.js';

/** What every part of the simulator is given; addresses are functions because a port may be known only after listening. */
export interface SimulatorContext {
  /** The simulator's own public address, without a slash at the end. */
  readonly url: () => string;
  readonly brokerUrl: () => string;
  readonly skills: () => readonly Skill[];
  readonly clients: readonly UpstreamClient[];
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly tokenDeadlineMs: number;
}

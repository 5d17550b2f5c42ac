import type { Egress } from '@linkbroker/egress';
import type { DoctorHostsStore, DoctorRunsStore } from '@linkbroker/persistence';
import type { DoctorRunner } from './doctor-runner.js';

/** How much of the doctor there is. */
export interface DoctorLimits {
  /** Runs of all tenants at one time; zero switches it off. */
  readonly atOnce: number;
  /** Runs of one tenant within 24 hours. */
  readonly aDay: number;
  /** Whether a Chromium was found. */
  readonly browser: boolean;
}

/** What runs of the doctor over the API need. */
export interface DoctorNeeds {
  readonly hosts: DoctorHostsStore;
  readonly runs: DoctorRunsStore;
  readonly runner: Pick<DoctorRunner, 'start' | 'stop'>;
  /** TXT records of a name, each joined. @throws where there are none */
  readonly resolveTxt: (name: string) => Promise<readonly string[]>;
  readonly egress: Pick<Egress, 'send'>;
  readonly limits: DoctorLimits;
  readonly newId: () => string;
  readonly newToken: () => string;
}

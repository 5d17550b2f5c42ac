import type { AddressPolicy, Egress } from '@linkbroker/egress';
import { DoctorHostsStore, DoctorRunsStore, type OpenDatabase } from '@linkbroker/persistence';
import type { Logger } from '@linkbroker/telemetry';
import { randomBytes, randomUUID } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AdminEnvironment } from '../environment.js';
import type { Chromium } from './confined-process.js';
import type { DoctorNeeds } from './doctor-needs.js';
import { DoctorRunner } from './doctor-runner.js';

/** Beside this app, in a working copy as in an image. */
export const DOCTOR_PROGRAM = fileURLToPath(new URL('../../../doctor/dist/confined.js', import.meta.url));
/** Where Debian has it. */
const USUAL_CHROMIUM = '/usr/bin/chromium';
const DNS_MS = 2_500;
const DNS_TRIES = 2;
const TOKEN_BYTES = 24;

interface Opened {
  readonly needs: DoctorNeeds;
  /** Ends the runs that are under way. */
  readonly close: () => Promise<void>;
}

/** The doctor of the API, with what it needs of this machine. */
export function openDoctor(
  env: AdminEnvironment,
  own: {
    readonly dataSource: OpenDatabase['dataSource'];
    readonly policy: AddressPolicy;
    readonly egress: Pick<Egress, 'send'>;
    readonly logger: Logger;
    readonly now: () => Date;
  },
): Opened {
  const { dataSource, policy, egress, logger, now } = own;
  const chromium = findChromium(env);
  const runs = new DoctorRunsStore(dataSource);
  const sandbox = env.DOCTOR_CHROMIUM_SANDBOX;
  const runner = new DoctorRunner({ runs, policy, logger, now, program: DOCTOR_PROGRAM, chromium, sandbox });
  const dns = new Resolver({ timeout: DNS_MS, tries: DNS_TRIES });
  const needs: DoctorNeeds = {
    ...{ hosts: new DoctorHostsStore(dataSource), runs, runner, egress },
    resolveTxt: async (name) => (await dns.resolveTxt(name)).map((parts) => parts.join('')),
    limits: {
      ...{ atOnce: env.DOCTOR_RUNS_AT_ONCE, aDay: env.DOCTOR_RUNS_A_DAY },
      browser: chromium !== undefined,
    },
    newId: randomUUID,
    newToken: () => randomBytes(TOKEN_BYTES).toString('base64url'),
  };
  return { needs, close: () => runner.close() };
}

function findChromium(env: Pick<AdminEnvironment, 'LINKBROKER_CHROMIUM' | 'LINKBROKER_CHROMIUM_ENV'>) {
  const path = env.LINKBROKER_CHROMIUM || (existsSync(USUAL_CHROMIUM) ? USUAL_CHROMIUM : '');
  const found: Chromium | undefined = path === '' ? undefined : { path, env: env.LINKBROKER_CHROMIUM_ENV };
  return found;
}

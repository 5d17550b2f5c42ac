import type { TenantId } from '@linkbroker/contracts';
import { ForwardProxy, type AddressPolicy } from '@linkbroker/egress';
import type { DoctorRunsStore } from '@linkbroker/persistence';
import type { Logger } from '@linkbroker/telemetry';
import { startConfined, type Chromium, type ConfinedEnd } from './confined-process.js';

/** Milliseconds that a run may take. */
export const RUN_MS = 600_000;
/** Between looking whether a run is still wanted. */
const BEAT_MS = 1_000;
const MOST_LINES = 80;
const LONGEST_LINE = 300;

export interface DoctorRunnerNeeds {
  readonly runs: Pick<DoctorRunsStore, 'note' | 'end'>;
  readonly policy: AddressPolicy;
  readonly logger: Pick<Logger, 'error'>;
  readonly now: () => Date;
  readonly program: string;
  readonly chromium: Chromium | undefined;
  /** Whether Chromium's own sandbox is used. */
  readonly sandbox: boolean;
  readonly runMs?: number;
}

/** A run that has been begun in the store. */
export interface BegunRun {
  readonly tenantId: TenantId;
  readonly id: string;
  /** All that it may talk to. */
  readonly hosts: ReadonlySet<string>;
  /** Secrets included: it goes to the process and is kept nowhere. */
  readonly target: object;
  readonly only: readonly string[] | undefined;
}

/** Carries out runs of the doctor, each in a process and behind a proxy of its own. */
export class DoctorRunner {
  private readonly running = new Map<string, { readonly kill: () => void; readonly done: Promise<void> }>();
  private closed = false;

  constructor(private readonly needs: DoctorRunnerNeeds) {}

  /** Starts a run. What becomes of it stands in the store. */
  start(run: BegunRun): void {
    let kill = (): void => undefined;
    let stopped = false;
    const done = this.carryOut(run, (end) => {
      kill = end;
      if (stopped) end();
    })
      .catch((error: unknown) => this.needs.logger.error({ err: error, run: run.id }, 'doctor run not recorded'))
      .finally(() => this.running.delete(run.id));
    const stop = (): void => {
      stopped = true;
      kill();
    };
    this.running.set(run.id, { kill: stop, done });
  }

  /** Ends a run, where this process carries it out. */
  stop(id: string): void {
    this.running.get(id)?.kill();
  }

  /** Ends every run, and waits until that is in the store. */
  async close(): Promise<void> {
    this.closed = true;
    const all = [...this.running.values()];
    for (const { kill } of all) kill();
    await Promise.all(all.map(({ done }) => done));
  }

  private async carryOut(run: BegunRun, tell: (kill: () => void) => void): Promise<void> {
    const { policy, runMs = RUN_MS, sandbox } = this.needs;
    const proxy = await ForwardProxy.start({ policy, purpose: 'doctor', hosts: run.hosts });
    const lines: string[] = [];
    try {
      const { target, only } = run;
      const order = { target, only, sandbox, proxy: { port: proxy.port, credential: proxy.credential } };
      const confined = await startConfined({ ...this.needs, runMs }, order, (line) => {
        lines.push(line.slice(0, LONGEST_LINE));
        lines.splice(0, lines.length - MOST_LINES);
      });
      tell(confined.kill);
      const ended = await this.attend(run, lines, confined);
      await this.record(run, lines, ended);
    } finally {
      await proxy.close();
    }
  }

  /** Notes how far it is while it goes on, and ends it when nobody wants it any more. */
  private async attend(
    { tenantId, id }: BegunRun,
    lines: readonly string[],
    { ended, kill }: { readonly ended: Promise<ConfinedEnd>; readonly kill: () => void },
  ): Promise<ConfinedEnd> {
    let looking = false;
    const look = async (): Promise<void> => {
      if (looking) return;
      looking = true;
      // A store that does not answer now does so later, or the run ends by itself.
      const wanted = await this.needs.runs.note(tenantId, id, lines).catch(() => true);
      looking = false;
      if (!wanted) kill();
    };
    const beat = setInterval(() => void look(), BEAT_MS);
    try {
      return await ended;
    } finally {
      clearInterval(beat);
    }
  }

  private async record({ tenantId, id }: BegunRun, lines: readonly string[], ended: ConfinedEnd): Promise<void> {
    await this.needs.runs.note(tenantId, id, lines);
    const at = this.needs.now();
    if ('failed' in ended) {
      const reason = this.closed ? 'The admin app was stopped.' : ended.failed;
      await this.needs.runs.end(tenantId, id, { state: 'failed', reason, report: null, screenshot: null, at });
      return;
    }
    const { report, screenshot, brokenRecipe } = ended;
    await this.needs.runs.end(tenantId, id, {
      ...{ state: 'done', report, at, reason: brokenRecipe ?? null },
      screenshot: screenshot === undefined ? null : readPicture(Buffer.from(screenshot, 'base64')),
    });
  }
}

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** The octets, where they are a picture. */
const readPicture = (octets: Buffer): Buffer | null => (octets.subarray(0, PNG.length).equals(PNG) ? octets : null);

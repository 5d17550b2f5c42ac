import { NoAnswer, namedHosts, runChecks, type Probes, type Run, type Target } from '@linkbroker/doctor';
import { setTimeout as sleep } from 'node:timers/promises';
import { CannotRun } from './cannot-run.js';
import { handleDirective } from './handler-probe.js';
import { sendHttp, type Reach } from './http-probe.js';
import { HAND_MS } from './login/hand-login.js';
import { startLogin, type Confinement } from './login/start-login.js';
import { openTunnel, TunnelRefused } from './proxy-tunnel.js';
import { inspectTls } from './tls-probe.js';

/** How a server is looked at. */
export interface Manner {
  readonly only: readonly string[] | undefined;
  readonly slow: boolean;
  /** Where a Chromium is found. */
  readonly env: NodeJS.ProcessEnv;
  readonly progress: (line: string) => void;
  /** For a run on somebody else's behalf. */
  readonly confinement?: Confinement;
}

export interface Examined extends Run {
  /** PNG of the first page. */
  readonly screenshot: Uint8Array | undefined;
}

/**
 * Runs the checks against a server, with real sockets and a real browser.
 * @throws CannotRun where nobody answers at the authorization address, or it may not be looked at
 */
export async function examine(target: Target, manner: Manner): Promise<Examined> {
  const { only, slow, env, progress, confinement } = manner;
  const proxy = confinement?.proxy;
  const reach: Reach = { hosts: namedHosts(target), ca: target.ca, proxy };
  const login = await startLogin(target, env, confinement);
  const probes: Probes = {
    send: (request, deadlineMs) => sendHttp(reach, request, deadlineMs),
    signIn: login.signIn,
    inspectTls: (address) => inspectTls(reach, address),
    handle: (directive, deadlineMs) => handleDirective(target, directive, deadlineMs, proxy),
    now: () => new Date(),
    sleep: async (ms, signal) => {
      await sleep(ms, undefined, { signal });
    },
    progress,
  };
  try {
    await assertAllowed(reach, target);
    await assertReachable(probes, target);
    const run = await runChecks(target, probes, {
      ...(only && { only }),
      slow,
      // A check may need three sign-ins.
      ...('manual' in target.login && { checkDeadline: 3 * HAND_MS }),
    });
    return { ...run, screenshot: login.screenshot() };
  } finally {
    await login.close();
  }
}

const ALLOWED_MS = 10_000;

/** A token address behind a closed door would look like one that does not answer. @throws CannotRun */
async function assertAllowed({ proxy }: Reach, { tokenUrl, authorizeUrl }: Target): Promise<void> {
  if (!proxy) return;
  for (const address of [authorizeUrl, tokenUrl]) {
    const { hostname: host, port, protocol } = new URL(address);
    const place = { host, port: Number(port) || (protocol === 'https:' ? 443 : 80) };
    const refused = await openTunnel(proxy, place, AbortSignal.timeout(ALLOWED_MS)).then(
      (socket) => void socket.destroy(),
      (error: unknown) => error,
    );
    if (refused instanceof TunnelRefused && refused.byPolicy) throw new CannotRun(refused.message);
  }
}

/** Nothing is learnt from a server that is not there. @throws CannotRun */
async function assertReachable(probes: Probes, { authorizeUrl }: Target): Promise<void> {
  try {
    await probes.send({ method: 'GET', url: authorizeUrl, headers: {} }, 10_000);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    if (error.reason === 'refused') throw new CannotRun(`${new URL(authorizeUrl).host}: ${error.message}`);
  }
}

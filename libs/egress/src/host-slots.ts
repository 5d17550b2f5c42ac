import type { Deadline } from '@linkbroker/contracts';
import { EgressFailed } from './egress-refused.js';

type Grant = () => void;

interface Host {
  inFlight: number;
  waiting: number;
  /** Who waits, by whose turn it is; the first key is next. */
  readonly turns: Map<string, Grant[]>;
}

/** Beyond this a host is so far behind that waiting is no use. */
const MAX_WAITING = 1_000;

/**
 * How many requests are under way to one host. The rest wait under their own deadline: first come, first served within
 * a turn, and the turns one after another, so that one connector's burst does not shut out its neighbours at the same
 * provider. Hosts do not touch each other.
 */
export class HostSlots {
  private readonly hosts = new Map<string, Host>();

  constructor(private readonly perHost: number) {}

  /**
   * Waits for a slot; what it resolves to gives it back and must be called once.
   * @throws EgressFailed with `sent: false` when there is none before the deadline
   */
  async take(name: string, turn: string, deadline: Deadline): Promise<() => void> {
    const host = this.hosts.get(name) ?? { inFlight: 0, waiting: 0, turns: new Map<string, Grant[]>() };
    this.hosts.set(name, host);
    if (host.inFlight < this.perHost) host.inFlight += 1;
    else await this.wait(name, host, turn, deadline);
    return () => this.release(name, host);
  }

  private wait(name: string, host: Host, turn: string, deadline: Deadline): Promise<void> {
    if (host.waiting >= MAX_WAITING) throw new EgressFailed(`${name}: too many requests waiting`, { sent: false });
    return new Promise((resolve, reject) => {
      const grant: Grant = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(
        () => {
          leave(host, turn, grant);
          reject(new EgressFailed(`${name}: no free slot in time`, { sent: false }));
        },
        Math.max(0, deadline - performance.now()),
      );
      host.waiting += 1;
      const queue = host.turns.get(turn);
      if (queue) queue.push(grant);
      else host.turns.set(turn, [grant]);
    });
  }

  private release(name: string, host: Host): void {
    const [next] = host.turns;
    if (next) {
      const [turn, [grant]] = next;
      const rest = host.turns.get(turn)?.slice(1) ?? [];
      host.turns.delete(turn);
      if (rest.length > 0) host.turns.set(turn, rest);
      host.waiting -= 1;
      grant?.();
      return;
    }
    host.inFlight -= 1;
    if (host.inFlight === 0) this.hosts.delete(name);
  }
}

function leave(host: Host, turn: string, grant: Grant): void {
  const rest = host.turns.get(turn)?.filter((other) => other !== grant) ?? [];
  if (rest.length > 0) host.turns.set(turn, rest);
  else host.turns.delete(turn);
  host.waiting -= 1;
}

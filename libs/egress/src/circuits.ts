import { EgressFailed } from './egress-refused.js';

export interface CircuitOptions {
  /** Failures in a row that open a circuit. */
  readonly failures?: number;
  /** Milliseconds until an open circuit lets one request through to try; doubled each time that fails. */
  readonly pauseMs?: number;
  readonly maxPauseMs?: number;
  /** Circuits with failures that are remembered; beyond it the one that has been quiet longest is taken for closed. */
  readonly remembered?: number;
  /** Milliseconds of a clock that does not jump. */
  readonly now?: () => number;
}

/** What a request said about the far end. `nothing`: it was given up for a reason of our own. */
export type Verdict = 'well' | 'sick' | 'nothing';

interface Circuit {
  failures: number;
  /** When the next try may be made; null while closed. */
  openUntil: number | null;
  pauseMs: number;
  trying: boolean;
}

const DEFAULTS = { failures: 5, pauseMs: 2_000, maxPauseMs: 60_000, remembered: 10_000 };

/**
 * Circuit breakers, one per key: after so many failures in a row nothing is sent for a pause, then one request tries,
 * and its success closes the circuit. Only keys with failures are kept, so health costs nothing. Keys do not touch each
 * other: what fails together must be what its owner calls one thing.
 */
export class Circuits {
  private readonly circuits = new Map<string, Circuit>();
  private readonly options: Required<CircuitOptions>;

  constructor(options: CircuitOptions = {}) {
    this.options = { ...DEFAULTS, now: () => performance.now(), ...options };
  }

  /** @throws EgressFailed with `sent: false` while nothing may be sent, or while another request tries */
  check(key: string, host: string): void {
    const circuit = this.circuits.get(key);
    if (circuit?.openUntil === null || circuit === undefined) return;
    if (circuit.trying || this.options.now() < circuit.openUntil) {
      throw new EgressFailed(`${host}: the circuit is open`, { sent: false });
    }
  }

  /**
   * Lets a request through, alone where it is the one that tries. What it returns takes the verdict and must be called
   * once.
   * @throws EgressFailed as `check`
   */
  enter(key: string, host: string): (verdict: Verdict) => void {
    this.check(key, host);
    const circuit = this.circuits.get(key);
    const tries = circuit !== undefined && circuit.openUntil !== null;
    if (tries) circuit.trying = true;
    return (verdict) => {
      if (verdict === 'well') this.circuits.delete(key);
      else if (verdict === 'sick') this.fail(key, tries);
      if (tries) circuit.trying = false;
    };
  }

  private fail(key: string, tried: boolean): void {
    const { failures, pauseMs, maxPauseMs, now } = this.options;
    const circuit = this.circuits.get(key) ?? { failures: 0, openUntil: null, pauseMs, trying: false };
    if (circuit.openUntil === null) {
      circuit.failures += 1;
      if (circuit.failures >= failures) circuit.openUntil = now() + circuit.pauseMs;
    } else if (tried) {
      circuit.pauseMs = Math.min(circuit.pauseMs * 2, maxPauseMs);
      circuit.openUntil = now() + circuit.pauseMs;
    }
    this.remember(key, circuit);
  }

  private remember(key: string, circuit: Circuit): void {
    this.circuits.delete(key);
    this.circuits.set(key, circuit);
    const [quietest] = this.circuits.keys();
    if (this.circuits.size > this.options.remembered && quietest !== undefined) this.circuits.delete(quietest);
  }
}

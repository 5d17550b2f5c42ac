import { randomBytes } from 'node:crypto';
import type { Run } from './actions.js';
import type { LinkedSkill } from './linked-skill.js';
import { stateLifetimeMs } from './state.js';
import type { PendingLink } from './return.js';

/** How a link ended, kept so that its page can be looked at and reloaded. */
export interface LinkResult {
  readonly clientId: string;
  readonly linked: boolean;
  readonly run: Run;
}

/** One simulated Amazon account: what a browser's cookie stands for. */
export interface AlexaAccount {
  readonly pending: Map<string, PendingLink>;
  readonly links: Map<string, LinkedSkill>;
  /** Newest first, per client id. */
  readonly runs: Map<string, readonly Run[]>;
  readonly results: Map<string, LinkResult>;
}

const accountsKept = 1000;
const runsKept = 12;
const resultsKept = 20;

/** All simulated accounts, in memory only: a restarted simulator has forgotten them. */
export class AlexaAccounts {
  private readonly accounts = new Map<string, AlexaAccount>();

  static createId(): string {
    return randomBytes(16).toString('base64url');
  }

  /** The account of a browser; a well-formed id from before a restart begins a new account under the same id. */
  of(id: string): AlexaAccount {
    const known = this.accounts.get(id);
    if (known) return known;
    const oldest = this.accounts.size >= accountsKept ? this.accounts.keys().next().value : undefined;
    if (oldest !== undefined) this.accounts.delete(oldest);
    const account: AlexaAccount = { pending: new Map(), links: new Map(), runs: new Map(), results: new Map() };
    this.accounts.set(id, account);
    return account;
  }
}

/** States are remembered for a while after their hour, so that a late or second use can be told from a forged one. */
export function forgetOldStates(account: AlexaAccount, now: number): void {
  for (const [state, pending] of account.pending) {
    if (now - pending.startedAt > 2 * stateLifetimeMs) account.pending.delete(state);
  }
}

export function recordRun(account: AlexaAccount, clientId: string, run: Run): void {
  account.runs.set(clientId, [run, ...(account.runs.get(clientId) ?? [])].slice(0, runsKept));
}

export function recordResult(account: AlexaAccount, result: LinkResult): string {
  const id = randomBytes(9).toString('base64url');
  account.results.set(id, result);
  const oldest = account.results.size > resultsKept ? account.results.keys().next().value : undefined;
  if (oldest !== undefined) account.results.delete(oldest);
  return id;
}

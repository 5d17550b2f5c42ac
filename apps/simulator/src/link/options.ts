import type { LinkOptions } from '../alexa/start-link.js';
import type { Skill } from '../skills.js';

export interface LinkOnceOptions extends LinkOptions {
  readonly brokerUrl: string;
  readonly skill: Skill;
  /** A user of the upstream provider. */
  readonly user: string;
  /** The user's name by default, as for the simulator's users. */
  readonly password?: string | undefined;
  /** Which connector's button is tapped; the first one by default. */
  readonly connector?: string | undefined;
  /** One of the skill's; Amazon's for North America by default. It is never opened. */
  readonly redirectUri?: string | undefined;
  /** False stops after the link, without the refreshes that follow it. */
  readonly thorough?: boolean | undefined;
  /** Receives the transcript. */
  readonly write?: ((line: string) => void) | undefined;
  readonly colour?: boolean | undefined;
  readonly now?: (() => number) | undefined;
  /** Gives the code that AcceptGrant brings, where *Send Alexa Events* is to be on; needs the skill's `backend`. */
  readonly issueEventCode?: (() => Promise<string> | string) | undefined;
  /** How long Alexa waits for the token endpoint; 4,500 ms by default (R12). */
  readonly tokenDeadlineMs?: number | undefined;
  /** How long the phone waits for a page. */
  readonly pageDeadlineMs?: number | undefined;
}

/** The same with every default in its place. */
export interface SettledOptions extends LinkOnceOptions {
  readonly password: string;
  readonly thorough: boolean;
  readonly write: (line: string) => void;
  readonly now: () => number;
  readonly tokenDeadlineMs: number;
  readonly pageDeadlineMs: number;
}

export function settle(given: LinkOnceOptions): SettledOptions {
  return {
    ...given,
    brokerUrl: given.brokerUrl.replace(/\/+$/, ''),
    password: given.password ?? given.user,
    thorough: given.thorough ?? true,
    write: given.write ?? (() => undefined),
    now: given.now ?? Date.now,
    tokenDeadlineMs: given.tokenDeadlineMs ?? 4500,
    pageDeadlineMs: given.pageDeadlineMs ?? 15_000,
  };
}

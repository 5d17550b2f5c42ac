import type { AccessTokenScheme } from './return.js';
import type { TokenAnswer } from './token-rules.js';

/** What Alexa stores for one household and one skill. */
export interface LinkedSkill {
  readonly scheme: AccessTokenScheme;
  readonly linkedAt: number;
  accessToken: string;
  previousAccessToken: string | undefined;
  /** Empty with the implicit grant, which has none. */
  refreshToken: string;
  expiresIn: number;
  obtainedAt: number;
  refreshes: number;
  /** Refresh tokens replaced since the link began, oldest first. */
  older: string[];
  /** Why Alexa deleted the tokens, once it did. */
  lost: string | undefined;
}

/** Enough to reach far behind; a link refreshed hourly for two days. */
const olderKept = 50;

export function createLinkedSkill(scheme: AccessTokenScheme, tokens: TokenAnswer, now: number): LinkedSkill {
  return {
    scheme,
    linkedAt: now,
    accessToken: tokens.accessToken,
    previousAccessToken: undefined,
    refreshToken: tokens.refreshToken ?? '',
    expiresIn: tokens.expiresIn,
    obtainedAt: now,
    refreshes: 0,
    older: [],
    lost: undefined,
  };
}

/** Alexa takes the tokens of an answer; without a new refresh token the old one stays (RFC 6749 §6). */
export function adopt(link: LinkedSkill, tokens: TokenAnswer, now: number): void {
  if (tokens.accessToken !== link.accessToken) link.previousAccessToken = link.accessToken;
  link.accessToken = tokens.accessToken;
  link.expiresIn = tokens.expiresIn;
  link.obtainedAt = now;
  link.refreshes += 1;
  const next = tokens.refreshToken ?? link.refreshToken;
  if (next === link.refreshToken) return;
  link.older = [...link.older.filter((token) => token !== next), link.refreshToken].slice(-olderKept);
  link.refreshToken = next;
}

import { buildLwaRefresh, readLwaAnswer, type LwaClient } from '@linkbroker/alexa';
import { SmapiRefused } from './smapi-refused.js';

/** One request, through egress. */
type Send = (request: {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly purpose: 'upstream';
  readonly deadline: number;
}) => Promise<{ readonly status: number; readonly body: string }>;

/** A security profile of Login with Amazon, and the consent of the developer whose skills it may read. */
export interface SmapiAccount extends LwaClient {
  readonly refreshToken: string;
}

export interface FetchNeeds {
  readonly send: Send;
  readonly lwaTokenUrl: string;
  /** Where Amazon's Skill Management API is, without a slash at its end. */
  readonly smapiUrl: string;
}

export type Stage = 'development' | 'live';

const DEADLINE_MS = 10_000;

/** Why Amazon does not give a skill's account linking, by status. */
const REASONS: Readonly<Record<number, string>> = {
  401: 'Amazon does not accept the access token',
  403: 'the developer of the refresh token may not read this skill, or the scope alexa::ask:skills:readwrite is missing',
  404: 'Amazon has no account linking for this skill at this stage',
  429: 'Amazon is asked too often; try again later',
};

/**
 * Fetches a skill's account linking from Amazon's Skill Management API, as its JSON text.
 * @throws SmapiRefused in words for the one who asked; what Amazon sent is not repeated
 * @see R129, https://developer.amazon.com/docs/alexa/smapi/account-linking-operations.html
 */
export async function fetchAccountLinking(
  needs: FetchNeeds,
  account: SmapiAccount,
  skill: { readonly id: string; readonly stage: Stage },
): Promise<string> {
  const token = await accessToken(needs, account);
  const url = `${needs.smapiUrl}/v1/skills/${encodeURIComponent(skill.id)}/stages/${skill.stage}/accountLinkingClient`;
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
  const { status, body } = await reach(needs, { method: 'GET', url, headers });
  if (status === 200) return body;
  throw new SmapiRefused(REASONS[status] ?? `Amazon answered ${String(status)}`);
}

async function accessToken(needs: FetchNeeds, { refreshToken, ...client }: SmapiAccount): Promise<string> {
  const answer = readLwaAnswer(await reach(needs, buildLwaRefresh(needs.lwaTokenUrl, client, refreshToken)));
  if (answer.kind === 'tokens') return answer.tokens.accessToken;
  const whose = {
    terminal: 'LWA_REFRESH_TOKEN',
    misconfigured: 'LWA_CLIENT_ID and LWA_CLIENT_SECRET',
    transient: null,
  };
  const named = whose[answer.failure];
  throw new SmapiRefused(
    named === null
      ? `Login with Amazon could not be asked: ${answer.reason}`
      : `Login with Amazon refuses ${named}: ${answer.reason}`,
  );
}

async function reach(
  { send }: FetchNeeds,
  request: Omit<Parameters<Send>[0], 'purpose' | 'deadline'>,
): ReturnType<Send> {
  try {
    return await send({ ...request, purpose: 'upstream', deadline: performance.now() + DEADLINE_MS });
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'no answer';
    throw new SmapiRefused(`${new URL(request.url).host} cannot be reached: ${reason}`);
  }
}

import type { FastifyRequest } from 'fastify';
import type { Principal } from '../sign-in/caller.js';
import type { AdminNeeds } from '../admin-needs.js';
import { tooMany } from './problem.js';

/** Requests a minute of one caller: a console that somebody works with makes a tenth of it. */
const MOST_A_MINUTE = 1_200;
/** Of one address that nobody has signed in from. */
const MOST_UNKNOWN_A_MINUTE = 120;
const WINDOW_SECONDS = 60;

const nameOf = (principal: Exclude<Principal, { kind: 'operator-key' }>): string =>
  principal.kind === 'person' ? `account:${principal.accountId}` : `key:${principal.keyId}`;

/**
 * Counts a request of its caller. The operator key is not counted: who holds it has the machine, and needs answers when
 * Redis is what is wrong.
 * @throws ApiProblem 429 with the seconds to wait
 */
export async function takeTurn(
  { turns }: Pick<AdminNeeds, 'turns'>,
  request: FastifyRequest,
  principal: Principal | undefined,
): Promise<void> {
  if (principal?.kind === 'operator-key') return;
  const name = principal ? nameOf(principal) : `address:${request.ip}`;
  const most = principal ? MOST_A_MINUTE : MOST_UNKNOWN_A_MINUTE;
  const turn = await turns.take(`api:${name}`, most, WINDOW_SECONDS);
  if (turn.waitSeconds > 0) throw tooMany('More requests than one caller may make in a minute.', turn.waitSeconds);
}

import { CLIENT_MAX_AGE_MS } from '@linkbroker/linking';
import { supportReference } from '@linkbroker/protocol';
import type { Deadline, Skill } from '@linkbroker/contracts';
import type { LinkRequest } from '@linkbroker/ephemeral';
import type { BrokerNeeds } from '../broker-needs.js';
import { PageMessage } from '../http/page-message.js';

/** An attempt that can still go on, with the skill it is for. */
export interface OpenAttempt {
  readonly attempt: LinkRequest;
  readonly skill: Skill;
  readonly reference: string;
}

/** @throws PageMessage when the attempt is over, unknown, or its skill is gone */
export async function openAttempt(needs: BrokerNeeds, id: string, deadline: Deadline): Promise<OpenAttempt> {
  const reference = supportReference(id);
  const attempt = /^[A-Za-z0-9_-]{22}$/.test(id) ? await needs.linkRequests.find(id) : undefined;
  if (!attempt) throw new PageMessage('expired', 410, reference);
  if (attempt.status === 'issued' || attempt.status === 'cancelled') throw new PageMessage('finished', 410, reference);
  const client = await needs.clients.find(attempt.request.clientId, CLIENT_MAX_AGE_MS, deadline);
  if (client?.skill.id !== attempt.skillId) throw new PageMessage('bad-client', 410, reference);
  return { attempt, skill: client.skill, reference };
}

/** Which connectors an attempt may take: a repair only the one of its link. */
export const connectorsOf = ({ repair }: LinkRequest, { connectors }: Skill): Skill['connectors'] =>
  repair ? connectors.filter(({ id }) => id === repair.connectorId) : connectors;

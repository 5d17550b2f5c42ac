import { alexaMessage, type AlexaMessage } from '@linkbroker/alexa';
import type { Deadline, TenantId } from '@linkbroker/contracts';
import type { SealedPlace, VaultNeeds } from './upstream-secrets.js';

const placeOf = (tenantId: TenantId, id: string): SealedPlace => ({
  tenantId,
  row: id,
  field: 'alexa_events.sealed',
  version: 0,
});

/** An event that waits says what happens in somebody's home: it is kept sealed. */
export function sealAlexaMessage(
  needs: Pick<VaultNeeds, 'seal'>,
  tenantId: TenantId,
  id: string,
  message: AlexaMessage,
  deadline: Deadline,
): Promise<Buffer> {
  return needs.seal(placeOf(tenantId, id), Buffer.from(JSON.stringify(message)), deadline);
}

/** @throws DecryptionFailed */
export async function openAlexaMessage(
  needs: Pick<VaultNeeds, 'open'>,
  tenantId: TenantId,
  id: string,
  sealed: Buffer,
  deadline: Deadline,
): Promise<AlexaMessage> {
  const plain = await needs.open(placeOf(tenantId, id), sealed, deadline);
  return alexaMessage.parse(JSON.parse(plain.toString('utf8')));
}

import { supportReference } from '@linkbroker/protocol';
import type { UpstreamFailure } from '@linkbroker/providers';
import { PageMessage } from '../http/page-message.js';

const STATUS: Readonly<Record<UpstreamFailure, number>> = { unavailable: 503, misconfigured: 502, rejected: 400 };

/** The page for a failed upstream leg. The attempt is still good: the way on leads back to its link page. */
export function upstreamPage(failure: UpstreamFailure, linkRequestId: string): PageMessage {
  const path = `/link/${linkRequestId}`;
  const reference = supportReference(linkRequestId);
  return new PageMessage(`upstream-${failure}`, STATUS[failure], reference, { path, label: 'try-again' });
}

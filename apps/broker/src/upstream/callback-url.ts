import type { Connector } from '@linkbroker/contracts';

/** The redirect URI a connector registers upstream. */
export function callbackUrl(publicUrl: string, connector: Pick<Connector, 'tenantSlug' | 'slug'>): string {
  return `${publicUrl}/callback/${connector.tenantSlug}/${connector.slug}`;
}

import { hkdfSync } from 'node:crypto';

const INFO = 'linkbroker/adopted-grant';

/**
 * The grant secret of a grant that another server's refresh token stands for: 16 octets by HKDF-SHA-256, so that whoever
 * presents the token again derives the same, and nobody else can. It is as hard to guess as the token.
 * @see RFC 5869, ADR 0023
 */
export function adoptedSecretOf(token: string, grantId: string): Buffer {
  return Buffer.from(hkdfSync('sha256', Buffer.from(token, 'utf8'), '', `${INFO}|${grantId}`, 16));
}

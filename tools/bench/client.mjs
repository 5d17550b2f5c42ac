import { randomBytes } from 'node:crypto';

/** The one client that all servers know, and the redirect URI that Amazon derives from its vendor id. */
export function benchClient() {
  const id = 'alexa-bench';
  const secret = randomBytes(24).toString('base64url');
  return {
    id,
    secret,
    redirectUri: 'https://pitangui.amazon.com/api/skill/link/M3KVOEXUO4ALBL',
    authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
  };
}

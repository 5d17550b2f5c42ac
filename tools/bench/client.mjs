import { randomBytes } from 'node:crypto';

/** The one client that all servers know, and the redirect URI that Amazon derives from its vendor id. */
export function benchClient() {
  return {
    ...credentials('alexa-bench'),
    redirectUri: 'https://pitangui.amazon.com/api/skill/link/M3KVOEXUO4ALBL',
    /** The skill's own server, which only the broker knows. */
    backend: credentials('backend-bench'),
  };
}

function credentials(id) {
  const secret = randomBytes(24).toString('base64url');
  return { id, secret, authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
}

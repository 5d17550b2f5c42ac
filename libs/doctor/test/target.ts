import { parseTarget, type Target } from '../src/index.js';
import { OTHER_CLIENT, SECRET } from './fault-server.js';

/** The fault server as a target. */
export const targetOf = (url: string, change: Partial<Target> = {}): Target => ({
  ...parseTarget(
    JSON.stringify({
      authorizeUrl: `${url}/authorize`,
      tokenUrl: `${url}/token`,
      clientId: 'alexa',
      clientSecret: SECRET,
      scheme: 'REQUEST_BODY_CREDENTIALS',
      redirectUri: 'https://layla.amazon.com/api/skill/link/M3KVOEXUO4ALBL',
      scope: 'lights',
      domains: ['cdn.example.com'],
      login: { command: ['unused'] },
      otherClient: OTHER_CLIENT,
      acceptGrant: { url: `${url}/handler` },
    }),
  ),
  ...change,
});

import { NotTested } from './check.js';
import { once } from './once.js';
import { buildTokenRequest } from './token-request.js';
import { readTokenAnswer } from './token-answer.js';
import { namedHosts } from './target.js';
import type { Session } from './session.js';

const PATHS = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'];

/** The introspection endpoint that the server publishes. @throws NotTested without one on a host of the target */
const endpoint = once(async (session): Promise<string> => {
  const { origin } = new URL(session.target.tokenUrl);
  for (const path of PATHS) {
    const answer = await session.send({
      method: 'GET',
      url: `${origin}${path}`,
      headers: { Accept: 'application/json' },
    });
    const found = readTokenAnswer('metadata', answer).json?.['introspection_endpoint'];
    if (typeof found !== 'string' || !URL.canParse(found)) continue;
    if (namedHosts(session.target).has(new URL(found).hostname)) return found;
  }
  throw new NotTested('the server publishes no introspection endpoint');
});

/**
 * Whether a token is active, by the server's own word.
 * @throws NotTested, NoAnswer
 * @see RFC 7662
 */
export async function introspect(session: Session, token: string): Promise<boolean> {
  const url = await endpoint(session);
  const request = buildTokenRequest({ ...session.target, tokenUrl: url }, { token }, {});
  const { status, json } = readTokenAnswer('introspection', await session.send(request));
  if (status !== 200 || typeof json?.['active'] !== 'boolean') throw new NotTested(`introspection: HTTP ${status}`);
  return json['active'];
}

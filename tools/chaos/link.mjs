import { Problem } from '../lib/problem.mjs';
import { post, send } from './send.mjs';

/**
 * Links one household through the real pages: authorization request, button, upstream, callback, code exchange.
 * @returns {Promise<{ user: string, connector: string, refresh: string, access: string }>} @throws {Problem}
 */
export async function linkHousehold({ world, port, user, connector }) {
  const { clients, upstream } = world;
  const query = new URLSearchParams({
    ...{ client_id: clients.alexa.id, response_type: 'code', redirect_uri: clients.redirectUri },
    ...{ scope: 'lights', state: `state-of-${user}` },
  });
  const page = await follow({ port, path: `/oauth/authorize?${query}` });
  const chosen = await send({
    ...{ port, path: page, method: 'POST', body: new URLSearchParams({ connector }).toString() },
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  const cookie = String(chosen.headers['set-cookie'] ?? '').split(';')[0];
  const signIn = new URL(expectLocation(chosen));
  const back = await follow({ port: upstream.port, path: `${signIn.pathname}${signIn.search}&user=${user}` });
  const arrived = await follow({ port, path: back, headers: { cookie } });
  const code = new URL(arrived, 'https://alexa').searchParams.get('code');
  const answer = await post(port, '/oauth/token', clients.alexa.authorization, {
    ...{ grant_type: 'authorization_code', code, redirect_uri: clients.redirectUri },
  });
  if (answer.status !== 200) throw new Problem(`${user} could not be linked: the code was answered ${answer.status}`);
  const { access_token: access, refresh_token: refresh } = JSON.parse(answer.text);
  return { user, connector, access, refresh };
}

/** Where a redirect leads: path and query on the same machine, the whole address of Alexa's. */
async function follow(request) {
  const url = new URL(expectLocation(await send(request)), 'http://localhost');
  return url.hostname.endsWith('.amazon.com') ? url.href : `${url.pathname}${url.search}`;
}

function expectLocation({ status, headers }) {
  if (headers.location) return headers.location;
  throw new Problem(`linking stopped at a page with status ${status}`);
}

import type { FastifyReply, FastifyRequest } from 'fastify';
import { cookieName, readCookie, setCookie } from '../html/cookies.js';
import { sendPage } from '../html/send-page.js';
import { rawQuery, readParams, RepeatedParameter } from '../http/params.js';
import { isRedirectUriAllowed } from './clients.js';
import { failedPage, signInPage } from './pages.js';
import type { Upstream } from './upstream.js';
import type { Session, SignInRequest } from './store.js';
import { checkPassword } from './users.js';

type Params = ReadonlyMap<string, string>;

/** The checks after which a refusal may be redirected; the first that fails decides. */
const checks: readonly ((params: Params) => string | undefined)[] = [
  (params) => (params.get('response_type') === 'code' ? undefined : 'unsupported_response_type'),
  (params) => ((params.get('response_mode') ?? 'query') === 'query' ? undefined : 'invalid_request'),
  (params) => ((params.get('scope') ?? '').split(' ').includes('openid') ? undefined : 'invalid_scope'),
  (params) => {
    const challenge = params.get('code_challenge');
    const method = params.get('code_challenge_method');
    if (challenge === undefined) return method === undefined ? undefined : 'invalid_request';
    return method === 'S256' && /^[\w-]{43}$/.test(challenge) ? undefined : 'invalid_request';
  },
];

function redirectBack(
  upstream: Upstream,
  reply: FastifyReply,
  request: Pick<SignInRequest, 'redirectUri' | 'state'>,
  result: Record<string, string>,
): FastifyReply {
  const target = new URL(request.redirectUri);
  const state = request.state === undefined ? {} : { state: request.state };
  for (const [name, value] of Object.entries({ ...result, ...state, iss: upstream.issuer() })) {
    target.searchParams.set(name, value);
  }
  return reply.header('cache-control', 'no-store').redirect(target.href, 303);
}

function currentSession(upstream: Upstream, request: FastifyRequest): Session | undefined {
  return upstream.store.session(readCookie(request, cookieName('acme_home', upstream.issuer())) ?? '');
}

function needsForm(params: Params, session: Session | undefined, nowSeconds: number): boolean {
  const prompts = (params.get('prompt') ?? '').split(' ');
  if (!session || prompts.includes('login') || prompts.includes('select_account')) return true;
  const maxAge = params.get('max_age');
  return maxAge !== undefined && nowSeconds - session.authTime > Number(maxAge);
}

function readRequest(params: Params, clientId: string, redirectUri: string): SignInRequest {
  return {
    clientId,
    redirectUri,
    scope: [...new Set((params.get('scope') ?? '').split(' ').filter(Boolean))],
    state: params.get('state'),
    nonce: params.get('nonce'),
    codeChallenge: params.get('code_challenge'),
  };
}

/** What must never be redirected is said on a page. */
class OnPageOnly extends Error {}

/** @throws OnPageOnly */
function readSignIn(upstream: Upstream, request: FastifyRequest): { params: Params; signIn: SignInRequest } {
  let params: Params;
  try {
    params = readParams(rawQuery(request.raw.url ?? ''));
  } catch (error) {
    if (error instanceof RepeatedParameter) throw new OnPageOnly('The request repeats a parameter.');
    throw error;
  }
  const client = upstream.context.clients.find(({ clientId }) => clientId === params.get('client_id'));
  if (!client) throw new OnPageOnly('This app is not registered with Acme Home.');
  const redirectUri = params.get('redirect_uri') ?? '';
  if (!isRedirectUriAllowed(client, redirectUri, upstream.context.brokerUrl())) {
    throw new OnPageOnly('This app asked to return to an address that is not registered.');
  }
  return { params, signIn: readRequest(params, client.clientId, redirectUri) };
}

function continueSignIn(
  upstream: Upstream,
  request: FastifyRequest,
  reply: FastifyReply,
  { params, signIn }: ReturnType<typeof readSignIn>,
): FastifyReply {
  const error = checks.map((check) => check(params)).find((found) => found !== undefined);
  if (error) return redirectBack(upstream, reply, signIn, { error });
  const session = currentSession(upstream, request);
  if (session && !needsForm(params, session, upstream.nowSeconds())) {
    return redirectBack(upstream, reply, signIn, { code: upstream.store.issueCode(signIn, session) });
  }
  if (params.get('prompt') === 'none') return redirectBack(upstream, reply, signIn, { error: 'login_required' });
  return sendPage(reply, 200, signInPage({ handle: upstream.store.keepRequest(signIn) }));
}

/** `GET /oidc/authorize`: an unknown client or redirect URI gets a page and never a redirect. */
export function authorize(upstream: Upstream, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  try {
    return continueSignIn(upstream, request, reply, readSignIn(upstream, request));
  } catch (error) {
    if (error instanceof OnPageOnly) return sendPage(reply, 400, failedPage(error.message));
    throw error;
  }
}

const expired = 'This sign-in has expired. Please start again from the app you came from.';

/** `POST /oidc/login`: the form's answer; a mistake is shown in the page (R37). */
export function logIn(upstream: Upstream, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
  const handle = form.get('request') ?? '';
  const signIn = upstream.store.request(handle);
  if (!signIn) return sendPage(reply, 400, failedPage(expired));
  const username = form.get('username') ?? '';
  const user = checkPassword(username, form.get('password') ?? '');
  if (!user) return sendPage(reply, 200, signInPage({ handle, username, wrong: true }));
  const id = upstream.store.openSession(user.username);
  const session = upstream.store.session(id);
  if (!session) throw new Error('a session that was just opened is gone');
  upstream.store.forgetRequest(handle);
  const secure = upstream.issuer().startsWith('https:');
  setCookie(reply, cookieName('acme_home', upstream.issuer()), id, { path: '/oidc', maxAgeSeconds: 43_200, secure });
  return redirectBack(upstream, reply, signIn, { code: upstream.store.issueCode(signIn, session) });
}

/** `GET /oidc/cancel`: the user does not want to. */
export function cancel(upstream: Upstream, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const handle = new URLSearchParams(rawQuery(request.raw.url ?? '')).get('request') ?? '';
  const signIn = upstream.store.request(handle);
  if (!signIn) return sendPage(reply, 400, failedPage(expired));
  upstream.store.forgetRequest(handle);
  const description = 'The user cancelled the sign-in.';
  return redirectBack(upstream, reply, signIn, { error: 'access_denied', error_description: description });
}

/** `GET /oidc/logout`: so that somebody else can sign in with this browser. */
export function logOut(upstream: Upstream, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const name = cookieName('acme_home', upstream.issuer());
  upstream.store.closeSession(readCookie(request, name) ?? '');
  setCookie(reply, name, '', { path: '/oidc', maxAgeSeconds: 0, secure: upstream.issuer().startsWith('https:') });
  return sendPage(reply, 200, failedPage('You are signed out of Acme Home in this browser.', 'Signed out'));
}

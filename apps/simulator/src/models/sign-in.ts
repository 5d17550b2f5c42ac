import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendPage } from '../html/send-page.js';
import { rawQuery, readParams, RepeatedParameter } from '../http/params.js';
import { isRedirectUriAllowed } from '../upstream/clients.js';
import { failedPage, signInPage } from '../upstream/pages.js';
import { checkPassword } from '../upstream/users.js';
import type { ModelClient } from './clients.js';
import type { Account, ModelSignIn } from './ledger.js';
import type { Model } from './model.js';
import type { Params } from './token-route.js';

/** What the household agrees to by signing in. */
export interface Consent {
  readonly scope: readonly string[];
  /** Whether the code is worth a refresh token. */
  readonly refreshable: boolean;
  /** What else goes back with the code. */
  readonly extra?: Readonly<Record<string, string>>;
}

/** What must never be redirected. */
export interface Stop {
  readonly status: number;
  readonly says: string;
  readonly title?: string;
}

/** How the browser leg of one model differs. */
export interface SignInRules {
  /** Of the authorization endpoint, below the model's prefix. */
  readonly path: string;
  readonly codePrefix: string;
  readonly codeSeconds: number;
  /** Between the scopes of the request. */
  readonly separator: RegExp;
  readonly pkce: boolean;
  /** `response_type` may be left out. */
  readonly responseTypeOptional?: boolean;
  /** Without a redirect URI the first registered one is taken. */
  readonly redirectUriOptional?: boolean;
  /** What goes back when the household cancels. */
  readonly cancelled: Readonly<Record<string, string>>;
  readonly screen?: (request: FastifyRequest, params: Params) => Stop | undefined;
  /** @returns the error that goes back to the client */
  readonly check?: (params: Params) => string | undefined;
  /** Everything asked for, by default. */
  readonly consent?: (account: Account, signIn: ModelSignIn, client: ModelClient) => Consent;
  /** Another way back than by redirect. @returns undefined where the redirect will do */
  readonly sendBack?: (
    reply: FastifyReply,
    signIn: ModelSignIn,
    result: Readonly<Record<string, string>>,
  ) => FastifyReply | undefined;
}

const handleMs = 30 * 60_000;

function checkRequest(rules: SignInRules, params: Params): string | undefined {
  const responseType = params.get('response_type') ?? (rules.responseTypeOptional ? 'code' : undefined);
  if (responseType !== 'code') return 'unsupported_response_type';
  const challenge = params.get('code_challenge');
  const wellFormed = params.get('code_challenge_method') === 'S256' && /^[\w-]{43}$/.test(challenge ?? '');
  if (rules.pkce && challenge !== undefined && !wellFormed) return 'invalid_request';
  return rules.check?.(params);
}

/** Goes back to the client, with the state. */
function sendBack(
  rules: SignInRules,
  reply: FastifyReply,
  signIn: ModelSignIn,
  result: Readonly<Record<string, string>>,
): FastifyReply {
  const all = signIn.state === undefined ? result : { ...result, state: signIn.state };
  const sent = rules.sendBack?.(reply, signIn, all);
  if (sent) return sent;
  const target = new URL(signIn.redirectUri);
  for (const [name, value] of Object.entries(all)) target.searchParams.set(name, value);
  return reply.header('cache-control', 'no-store').redirect(target.href, 303);
}

class OnPageOnly extends Error {
  constructor(readonly stop: Stop) {
    super(stop.says);
  }
}

const stopAt = (status: number, says: string): OnPageOnly => new OnPageOnly({ status, says });

function readAuthorization(model: Model, rules: SignInRules, request: FastifyRequest): ModelSignIn {
  const params = readParams(rawQuery(request.raw.url ?? ''));
  const stop = rules.screen?.(request, params);
  if (stop) throw new OnPageOnly(stop);
  const client = model.clients.find(params.get('client_id'));
  if (!client) throw stopAt(400, `This app is not registered with ${model.brand}.`);
  const fallback = rules.redirectUriOptional ? client.redirectUris?.[0] : undefined;
  const redirectUri = params.get('redirect_uri') ?? fallback ?? '';
  if (redirectUri !== fallback && !isRedirectUriAllowed(client, redirectUri, model.context.brokerUrl())) {
    throw stopAt(400, 'This app asked to return to an address that is not registered.');
  }
  return {
    clientId: client.clientId,
    redirectUri,
    scope: [...new Set((params.get('scope') ?? '').split(rules.separator).filter(Boolean))],
    state: params.get('state'),
    nonce: params.get('nonce'),
    codeChallenge: params.get('code_challenge'),
    params,
  };
}

const sendStop = (model: Model, reply: FastifyReply, { status, says, title }: Stop): FastifyReply =>
  sendPage(reply, status, failedPage(says, title, model.brand));

function authorize(model: Model, rules: SignInRules, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  try {
    const signIn = readAuthorization(model, rules, request);
    const error = checkRequest(rules, signIn.params);
    if (error) return sendBack(rules, reply, signIn, { error });
    const handle = randomBytes(24).toString('base64url');
    model.signIns.set(handle, signIn, handleMs);
    return sendPage(reply, 200, signInPage({ brand: model.brand, folder: `/${model.name}`, handle }));
  } catch (error) {
    if (error instanceof OnPageOnly) return sendStop(model, reply, error.stop);
    if (error instanceof RepeatedParameter) return sendStop(model, reply, { status: 400, says: `${error.message}.` });
    throw error;
  }
}

const expired: Stop = {
  status: 400,
  says: 'This sign-in has expired. Please start again from the app you came from.',
};

/** Signing in is the consent; a wrong password is shown in the page. */
function logIn(model: Model, rules: SignInRules, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
  const handle = form.get('request') ?? '';
  const signIn = model.signIns.get(handle);
  const client = model.clients.find(signIn?.clientId);
  if (!signIn || !client) return sendStop(model, reply, expired);
  const username = form.get('username') ?? '';
  const user = checkPassword(username, form.get('password') ?? '');
  if (!user) {
    const again = { brand: model.brand, folder: `/${model.name}`, handle, username, wrong: true };
    return sendPage(reply, 200, signInPage(again));
  }
  model.signIns.delete(handle);
  const now = model.now(request);
  const account = model.ledger.account(client.clientId, user.username);
  const consent = rules.consent?.(account, signIn, client) ?? { scope: signIn.scope, refreshable: true };
  account.consented = true;
  const { scope, refreshable, extra } = consent;
  const grant = model.ledger.addGrant({ account, signIn, scope, refreshable, authTime: Math.floor(now / 1000) });
  const code = model.ledger.issueCode(grant, rules.codePrefix, now + rules.codeSeconds * 1000);
  return sendBack(rules, reply, signIn, { code, ...extra });
}

function cancel(model: Model, rules: SignInRules, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const handle = new URLSearchParams(rawQuery(request.raw.url ?? '')).get('request') ?? '';
  const signIn = model.signIns.take(handle);
  return signIn ? sendBack(rules, reply, signIn, rules.cancelled) : sendStop(model, reply, expired);
}

/** The pages of a model: its authorization endpoint, `login` and `cancel`. No browser stays signed in. */
export function signInRoutes(server: FastifyInstance, model: Model, rules: SignInRules): void {
  server.get(rules.path, { config: { fault: `${model.name}.authorize` } }, (request, reply) =>
    authorize(model, rules, request, reply),
  );
  server.post('/login', { config: { fault: `${model.name}.login` } }, (request, reply) =>
    logIn(model, rules, request, reply),
  );
  server.get('/cancel', (request, reply) => cancel(model, rules, request, reply));
}

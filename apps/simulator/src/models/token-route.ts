import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { rawQuery, readParams, RepeatedParameter } from '../http/params.js';
import { checkVerifier } from '../upstream/token.js';
import { OAuthRefusal } from '../upstream/refusal.js';
import type { ModelClient } from './clients.js';
import { countedGrant, type CountedGrant } from './counters.js';
import type { Grant } from './ledger.js';
import type { Model } from './model.js';

export type Params = ReadonlyMap<string, string>;

/** One call of a machine endpoint, read once. */
export interface Call {
  readonly model: Model;
  readonly request: FastifyRequest;
  /** Of query and body together; a JSON body counts as a form. */
  readonly params: Params;
  /** Milliseconds since 1970, by the provider's clock. */
  readonly now: number;
}

function bodyText(body: unknown): string {
  if (body instanceof URLSearchParams) return body.toString();
  if (typeof body !== 'object' || body === null) return '';
  const texts = Object.entries(body).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  return new URLSearchParams(texts).toString();
}

/** @throws OAuthRefusal for a parameter that comes twice */
export function readCall(model: Model, request: FastifyRequest): Call {
  try {
    const params = readParams([rawQuery(request.raw.url ?? ''), bodyText(request.body)].filter(Boolean).join('&'));
    return { model, request, params, now: model.now(request) };
  } catch (error) {
    if (error instanceof RepeatedParameter) throw new OAuthRefusal('invalid_request', error.message);
    throw error;
  }
}

/** Providers that know one way to redeem a code do not ask for a grant type. */
const grantTypeOf = (params: Params): string => params.get('grant_type') ?? 'authorization_code';

export type GrantHandler = (call: Call) => object | Promise<object>;

export interface TokenRoute {
  readonly methods?: readonly ('GET' | 'POST')[];
  readonly path: string;
  /** Answers by grant type; the answer's body is returned. */
  readonly grants: Partial<Record<CountedGrant, GrantHandler>>;
  /** How an answer is sent; as JSON by default. */
  readonly send?: (reply: FastifyReply, request: FastifyRequest, body: object) => FastifyReply;
}

function countCall(model: Model, request: FastifyRequest): void {
  try {
    model.count.countTokens('tokenCalls', countedGrant(grantTypeOf(readCall(model, request).params)));
  } catch {
    // A repeated parameter: no grant type could be read, and the handler is going to refuse it.
    model.count.countTokens('tokenCalls', 'other');
  }
}

/** The token endpoint of a model: counted on arrival (before a fault strikes) and again when it gave tokens. */
export function tokenRoute(server: FastifyInstance, model: Model, route: TokenRoute): void {
  server.route({
    method: [...(route.methods ?? ['POST'])],
    url: route.path,
    config: { fault: `${model.name}.token` },
    preValidation: (request, _reply, done) => {
      countCall(model, request);
      done();
    },
    handler: async (request, reply) => {
      reply.header('cache-control', 'no-store').header('pragma', 'no-cache');
      const call = readCall(model, request);
      const grant = countedGrant(grantTypeOf(call.params));
      const answer = route.grants[grant];
      if (!answer) throw new OAuthRefusal('unsupported_grant_type', 'this grant type is not known here');
      const body = await answer(call);
      model.count.countTokens('tokenGrants', grant);
      return route.send ? route.send(reply, request, body) : reply.send(body);
    },
  });
}

export interface RedeemRules {
  /** Whether the provider checks PKCE (RFC 7636). */
  readonly pkce: boolean;
  /** Whether the address may be left out when the code is redeemed. */
  readonly redirectUriOptional?: boolean;
}

/**
 * The sign-in that a code stands for; the code is used up whatever comes of it.
 * @throws OAuthRefusal `invalid_grant`, or `redirect_uri_mismatch`, which RFC 6749 counts among the former and many
 * providers do not
 */
export function redeemCode({ model, params, now }: Call, client: ModelClient, rules: RedeemRules): Grant {
  const grant = model.ledger.takeCode(params.get('code') ?? '', now);
  if (grant?.account.clientId !== client.clientId) {
    throw new OAuthRefusal('invalid_grant', 'the code is unknown, expired or used');
  }
  const given = params.get('redirect_uri');
  if (given !== grant.signIn.redirectUri && !(rules.redirectUriOptional && given === undefined)) {
    throw new OAuthRefusal('redirect_uri_mismatch', 'redirect_uri differs from the authorization request');
  }
  if (rules.pkce) checkVerifier(grant.signIn.codeChallenge, params.get('code_verifier'));
  return grant;
}

/** The token of a Bearer header; GitHub's older `token` scheme counts too. */
export function bearerToken(request: FastifyRequest): string {
  return /^(?:bearer|token) (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

/** Whole seconds from now until then. */
export const secondsUntil = (until: number, now: number): number => Math.max(0, Math.floor((until - now) / 1000));

import {
  buildAlexaAppUrl,
  buildLwaFallbackUrl,
  enablementOrder,
  enablementStart,
  type EnablementRefusal,
} from '@linkbroker/alexa';
import type { Deadline, RegisteredClient } from '@linkbroker/contracts';
import { askEnablement, enableSkill, type EnabledSkill, type EnableSkillRefusal } from '@linkbroker/linking';
import { codeChallengeOf, OAuthError, parseJson, unavailable } from '@linkbroker/protocol';
import { All, Controller, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BROKER_NEEDS, type BrokerNeeds } from '../broker-needs.js';
import { contextOf } from '../http/request-context.js';
import { writeJson } from '../http/write-oauth.js';
import { authenticateBackend } from './authenticate-backend.js';
import { readJsonRequest } from './read-json-request.js';

/** Milliseconds from the request's arrival: Amazon's code, the region, and Alexa's own way to our token endpoint. */
const DEADLINE_MS = 12_000;
const VERIFIER_BYTES = 32;
/** Where the household's token of Amazon's stands in a request without a body. */
const TOKEN_HEADER = 'x-amazon-access-token';
const TOKEN = /^[\x21-\x7e]{1,4096}$/;

const DESCRIPTIONS: Readonly<Record<EnableSkillRefusal, string>> = {
  not_configured: "The skill has no `events` or no `skillId` in the broker's configuration.",
  foreign_redirect_uri: 'redirectUri is not one of the skill’s.',
  no_link: 'The skill has no such link, or its sign-in has ended.',
  amazon_code_refused: 'Login with Amazon refused the code, or the client of `events`.',
  malformed: 'Alexa could not read the request, or did not take the code.',
  token_refused: "Alexa refused the household's token, or the skill is not enabled any more.",
  not_allowed: 'Alexa does not let this client link, or the household may not test a skill in development.',
  not_found: 'Alexa knows no such skill for this household.',
};

/**
 * `/alexa/{skill}/enablement`: linking that begins in an app of the skill's maker, for the skill's own server.
 * @see R185–R194, docs/app-to-app.md
 */
@Controller('alexa/:skill/enablement')
export class EnablementController {
  constructor(@Inject(BROKER_NEEDS) private readonly needs: BrokerNeeds) {}

  @All('start')
  async start(
    @Param('skill') address: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { client } = await this.authenticate(address, request, reply, ['POST']);
    const { redirectUri, state, stage } = parse(enablementStart, request);
    const { events, redirectUris } = client.skill;
    if (!events) throw refusalOf('not_configured', null);
    if (!redirectUris.includes(redirectUri)) throw refusalOf('foreign_redirect_uri', null);
    const about = { clientId: events.clientId, redirectUri, state };
    const codeVerifier = this.needs.randomBytes(VERIFIER_BYTES).toString('base64url');
    const lwaFallbackUrl = buildLwaFallbackUrl(about, codeChallengeOf(codeVerifier));
    writeJson(reply, 200, { alexaAppUrl: buildAlexaAppUrl(about, stage), lwaFallbackUrl, codeVerifier });
  }

  @All()
  async answer(
    @Param('skill') address: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { client, deadline } = await this.authenticate(address, request, reply, ['POST', 'GET', 'DELETE']);
    if (request.method !== 'POST') {
      await this.ask(client, request, reply, deadline);
      return;
    }
    const order = parse(enablementOrder, request);
    const context = contextOf(request);
    if (order.link) context.facts = { ...context.facts, linkId: order.link };
    const result = await enableSkill(this.needs, client.skill, order, deadline);
    context.outcome = result.kind === 'refused' ? result.reason : result.kind;
    writeEnabled(reply, result);
  }

  private async ask(
    { skill }: RegisteredClient,
    request: FastifyRequest,
    reply: FastifyReply,
    deadline: Deadline,
  ): Promise<void> {
    const token = request.headers[TOKEN_HEADER];
    if (typeof token !== 'string' || !TOKEN.test(token)) {
      throw new OAuthError('invalid_request', `The household's token of Amazon's is missing: ${TOKEN_HEADER}.`);
    }
    const method = request.method === 'DELETE' ? 'DELETE' : 'GET';
    const verdict = await askEnablement(this.needs, skill, { method, token }, deadline);
    if (!verdict) throw refusalOf('not_configured', null);
    contextOf(request).outcome = verdict.kind === 'refused' ? verdict.reason : verdict.kind;
    if (verdict.kind === 'later') throw unavailable(new Error(`Alexa answered ${String(verdict.status)}`));
    if (verdict.kind === 'refused') throw refusalOf(verdict.reason, verdict.status);
    writeJson(reply, 200, method === 'DELETE' ? { status: 'disabled' } : { status: linkedOr(verdict.linked) });
  }

  private async authenticate(
    address: string,
    request: FastifyRequest,
    reply: FastifyReply,
    methods: readonly string[],
  ): Promise<{ readonly client: RegisteredClient; readonly deadline: Deadline }> {
    const deadline = contextOf(request).startedAt + DEADLINE_MS;
    return { client: await authenticateBackend(this.needs, address, request, reply, deadline, methods), deadline };
  }
}

const linkedOr = (linked: boolean): string => (linked ? 'linked' : 'enabled');

/** The tokens are the skill's own at Amazon; the broker keeps none of them. */
function writeEnabled(reply: FastifyReply, result: EnabledSkill): void {
  if (result.kind === 'unavailable') throw unavailable(new Error('Amazon could not be asked'));
  if (result.kind === 'refused') throw refusalOf(result.reason, result.status);
  const { accessToken, refreshToken, expiresIn } = result.tokens;
  writeJson(reply, 201, { status: 'linked', amazonTokens: { accessToken, refreshToken, expiresIn } });
}

/** A mistake of the order is 400; what cannot be done for this household is 422, with Alexa's own status. */
function refusalOf(reason: EnableSkillRefusal | EnablementRefusal, status: number | null): OAuthError {
  const ours = status === null && reason !== 'amazon_code_refused' && reason !== 'no_link';
  const alexa = status === null ? {} : { alexa_status: String(status) };
  return new OAuthError(ours ? 'invalid_request' : 'invalid_grant', DESCRIPTIONS[reason], {
    status: ours ? 400 : 422,
    members: { reason, ...alexa },
  });
}

interface Shape<T> {
  safeParse(value: unknown):
    | { readonly success: true; readonly data: T }
    | {
        readonly success: false;
        readonly error: { readonly issues: readonly { readonly path: readonly PropertyKey[] }[] };
      };
}

/** @throws OAuthError that says where the body is wrong, without repeating what it holds */
function parse<T>(shape: Shape<T>, request: FastifyRequest): T {
  const parsed = shape.safeParse(parseJson(readJsonRequest(request)));
  if (parsed.success) return parsed.data;
  const place = (parsed.error.issues[0]?.path ?? []).map(String).join('.').slice(0, 100);
  throw new OAuthError('invalid_request', `The body cannot be used${place === '' ? '' : `: look at ${place}`}.`);
}

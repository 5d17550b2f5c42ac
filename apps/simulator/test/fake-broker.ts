import { createHash, randomBytes } from 'node:crypto';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { AddressInfo } from 'node:net';
import { checkAlexaAuthorize, checkAlexaToken } from './alexa-shapes.js';
import { linkPage, returnAddress } from './fake-pages.js';
import { answerExchange, answerIntrospection, answerToken, refuse } from './fake-token-endpoint.js';
import type { Habits } from './habits.js';

export interface FakeGrant {
  readonly clientId: string;
  readonly sub: string;
  readonly scope: string;
  generation: number;
  readonly accessTokens: string[];
}

interface Request {
  readonly query: URLSearchParams;
  readonly rawState: string;
  secret?: string;
}

interface IssuedCode {
  readonly request: Request;
  readonly grant: FakeGrant;
}

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

const random = (): string => randomBytes(16).toString('base64url');
const s256 = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** A small broker that is strict about what Alexa sends, with one connector, and bad habits on request. */
export class FakeBroker {
  habits: Habits = {};
  /** Bodies of the token requests that came, in order. */
  readonly tokenBodies: string[] = [];
  readonly authorizeQueries: string[] = [];
  readonly grants = new Map<string, FakeGrant>();
  readonly server: FastifyInstance = fastify({ forceCloseConnections: true });
  private readonly requests = new Map<string, Request>();
  private readonly codes = new Map<string, IssuedCode>();

  constructor(
    readonly alexa: Credentials,
    readonly backend: Credentials,
    private readonly upstream: () => { issuer: string } & Credentials,
  ) {
    this.server.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string' },
      (_request, body, done) => done(null, body),
    );
    this.server.get('/oauth/authorize', (request, reply) => this.authorize(request, reply));
    this.server.post('/link/:handle', (request, reply) => this.choose(request, reply));
    this.server.get('/callback/demo/home', (request, reply) => this.callback(request, reply));
    this.server.post('/oauth/token', (request, reply) => this.token(request, reply));
    this.server.post('/oauth/introspect', (request, reply) => answerIntrospection(this, request, reply));
  }

  get url(): string {
    return `http://localhost:${(this.server.server.address() as AddressInfo).port}`;
  }

  private authorize(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const raw = (request.raw.url ?? '').split('?')[1] ?? '';
    this.authorizeQueries.push(raw);
    const query = new URLSearchParams(raw);
    const wrong = checkAlexaAuthorize(raw);
    if (wrong || query.get('client_id') !== this.alexa.clientId) return reply.code(400).send(wrong ?? 'unknown client');
    const html = reply.type('text/html; charset=utf-8');
    if (this.habits.pageStatus) return html.code(this.habits.pageStatus).send('<h1>Out of order</h1>');
    const handle = random();
    this.requests.set(handle, { query, rawState: decodeURIComponent(/(?:^|&)state=([^&]*)/.exec(raw)?.[1] ?? '') });
    return html.send(linkPage(handle, this.habits));
  }

  private choose(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const handle = (request.params as { handle: string }).handle;
    const known = this.requests.get(handle);
    const form = new URLSearchParams(String(request.body));
    const fine = known && form.get('csrf') === 'a&b' && form.get('connector') === 'home';
    if (!fine || request.headers.origin !== this.url) return reply.code(400).type('text/html').send('bad form');
    known.secret = random();
    const { issuer, clientId } = this.upstream();
    const query = new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      scope: 'openid offline_access',
      redirect_uri: `${this.url}/callback/demo/home`,
      state: handle,
      nonce: random(),
      code_challenge: s256(known.secret),
      code_challenge_method: 'S256',
    });
    return reply
      .header('set-cookie', `__Host-link=${known.secret}; Secure; Path=/; HttpOnly; SameSite=Lax`)
      .redirect(`${issuer}/authorize?${query.toString()}`, 303);
  }

  /** The request that this very browser began, if the upstream's answer belongs to it. */
  private findRequest({ query, headers }: FastifyRequest): Request | undefined {
    const { state, iss } = query as Record<string, string>;
    const known = this.requests.get(state ?? '');
    const bound = known?.secret && headers.cookie?.includes(`__Host-link=${known.secret}`);
    return bound && iss === this.upstream().issuer ? known : undefined;
  }

  private async callback(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { code: upstreamCode = '', error } = request.query as Record<string, string>;
    const known = this.findRequest(request);
    if (!known?.secret) return reply.code(400).type('text/html').send('not this browser');
    if (error) return this.sendBack(reply, known, { error });
    const sub = await this.redeemUpstream(upstreamCode, known.secret);
    const scope = known.query.get('scope') ?? '';
    const grant = { clientId: this.alexa.clientId, sub, scope, generation: 0, accessTokens: [] };
    this.grants.set(random(), grant);
    if (known.query.get('response_type') === 'token') return this.sendBack(reply, known, this.implicitAnswer(grant));
    const code = `${random()}${'x'.repeat(this.habits.longCode ?? 0)}`;
    this.codes.set(code, { request: known, grant });
    return this.sendBack(reply, known, { code });
  }

  private implicitAnswer(grant: FakeGrant): Record<string, string> {
    const token = `at_${random()}`;
    grant.accessTokens.push(token);
    const usual: Record<string, string | undefined> = {
      access_token: token,
      token_type: 'Bearer',
      expires_in: '31536000',
      ...this.habits.implicitMembers,
    };
    return Object.fromEntries(
      Object.entries(usual).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
  }

  private async redeemUpstream(code: string, verifier: string): Promise<string> {
    const { issuer, clientId, clientSecret } = this.upstream();
    const pair = Buffer.from(`${clientId}:${encodeURIComponent(clientSecret)}`).toString('base64');
    const redirectUri = `${this.url}/callback/demo/home`;
    const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier };
    const headers = { authorization: `Basic ${pair}` };
    const answer = await fetch(`${issuer}/token`, { method: 'POST', headers, body: new URLSearchParams(form) });
    const { id_token: idToken } = (await answer.json()) as { id_token: string };
    const claims = Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString();
    return `link-of-${(JSON.parse(claims) as { sub: string }).sub}`;
  }

  private sendBack(reply: FastifyReply, request: Request, result: Record<string, string>): FastifyReply {
    const redirectUri = request.query.get('redirect_uri') ?? '';
    const implicit = request.query.get('response_type') === 'token';
    const location = returnAddress(this.habits, redirectUri, request.rawState, result, implicit);
    return reply
      .code(this.habits.redirectStatus ?? 302)
      .header('location', location)
      .send();
  }

  private async token(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const body = String(request.body);
    if (body.includes('token-exchange')) return answerExchange(this, request, reply);
    this.tokenBodies.push(body);
    const wrong = checkAlexaToken(body, request.headers, this.alexa);
    if (wrong) return refuse(reply, 400, 'invalid_request', wrong);
    if (this.habits.hang) return new Promise<FastifyReply>(() => undefined);
    const form = new URLSearchParams(body);
    if (form.get('grant_type') === 'refresh_token') return answerToken(this, form, reply);
    const grant = this.redeem(form);
    return grant ? answerToken(this, form, reply, grant) : refuse(reply, 400, 'invalid_grant', 'not this code');
  }

  private redeem(form: URLSearchParams): FakeGrant | undefined {
    const code = form.get('code') ?? '';
    const issued = this.codes.get(code);
    this.codes.delete(code);
    const verifier = form.get('code_verifier');
    const challenge = verifier === null ? null : s256(verifier);
    const fits = issued?.request.query.get('code_challenge') === challenge;
    return fits && issued.request.query.get('redirect_uri') === form.get('redirect_uri') ? issued.grant : undefined;
  }
}

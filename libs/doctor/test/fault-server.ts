import { acceptGrantDirective } from '@linkbroker/alexa';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RIGHT, type Answer, type AuthorizeRequest, type Grant, type Parts } from './parts.js';
import type { Fault } from './fault-edits.js';

export const SECRET = 'a-client-secret-of-the-fault-server';

export const OTHER_CLIENT = { clientId: 'another', clientSecret: 'a-client-secret-of-another-client' };

const NO_STORE = { 'content-type': 'application/json', 'cache-control': 'no-store', pragma: 'no-cache' };
const KNOWN = /^(grant_type|code|redirect_uri|code_verifier|refresh_token|client_id|client_secret)$/;
const refuse = (status: number, error: string): Answer => ({ status, headers: NO_STORE, json: { error } });

interface Issued {
  readonly request: AuthorizeRequest;
  grant: Grant | undefined;
}

/** A small authorization server as Alexa wants it, with at most one fault. */
export class FaultServer {
  /** Every address and body that came, for tests of what must not be sent. */
  readonly seen: string[] = [];
  private readonly parts: Parts;
  private readonly requests = new Map<string, AuthorizeRequest>();
  private readonly codes = new Map<string, Issued>();
  private readonly refreshTokens = new Map<string, readonly [Grant, number]>();
  private readonly accessTokens = new Map<string, readonly [Grant, number]>();
  private readonly server = createServer((request, response) => void this.serve(request, response));

  constructor(fault?: Fault) {
    this.parts = { ...RIGHT, ...fault?.(RIGHT) };
  }

  get url(): string {
    return `http://localhost:${String((this.server.address() as AddressInfo).port)}`;
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const [path = '', query = ''] = (request.url ?? '').split('?');
    this.seen.push(`${request.url ?? ''} ${body}`);
    if (path === '/authorize') this.authorize(query, response);
    else if (path.startsWith('/approve/')) this.approve(path.slice(9), response);
    else if (path === '/handler') this.handle(body, response);
    else if (path === '/token') this.token(request, new URLSearchParams(body), response);
    else if (path === '/introspect') this.introspect(new URLSearchParams(body), response);
    else if (path === '/.well-known/oauth-authorization-server') {
      write(response, { status: 200, headers: NO_STORE, json: { introspection_endpoint: `${this.url}/introspect` } });
    } else write(response, refuse(404, 'not_found'));
  }

  private readState(query: string): string | undefined {
    const raw = /(?:^|&)state=([^&]*)/.exec(query)?.[1];
    return raw === undefined
      ? undefined
      : decodeURIComponent(this.parts.readsPlusAsSpace ? raw.replaceAll('+', ' ') : raw);
  }

  private authorize(query: string, response: ServerResponse): void {
    const { parts } = this;
    const parameters = new URLSearchParams(query);
    const [clientId, redirectUri] = [parameters.get('client_id') ?? '', parameters.get('redirect_uri') ?? ''];
    const state = this.readState(query);
    const refusal = parts.asksFirst ? undefined : this.whyNot(clientId, redirectUri, state);
    if (refusal !== undefined) turnAway(refusal, response);
    else if (parameters.get('response_type') !== 'code') this.refuseRequest(redirectUri, state, response);
    else {
      const handle = randomBytes(8).toString('hex');
      this.requests.set(handle, { clientId, redirectUri, state, challenge: parameters.get('code_challenge') });
      response.writeHead(200, { 'content-type': 'text/html' }).end(parts.page(handle));
    }
  }

  /** Undefined when the request is fine, else `page` or where it is redirected to, which a right server never does. */
  private whyNot(clientId: string, redirectUri: string, state: string | undefined): string | undefined {
    const { parts } = this;
    if (!parts.acceptsClient(clientId)) return 'page';
    if (clientId !== 'alexa') return `${redirectUri}?error=unauthorized_client`;
    if (!parts.acceptsRedirectUri(redirectUri)) {
      return parts.refuses === 'by redirect' ? `${redirectUri}?error=invalid_request` : 'page';
    }
    // An address that is accepted though it is wrong shows what that leads to.
    if (!RIGHT.acceptsRedirectUri(redirectUri)) return `${redirectUri}?code=stolen`;
    return (state?.length ?? 0) > parts.longestState ? 'page' : undefined;
  }

  private refuseRequest(redirectUri: string, state: string | undefined, response: ServerResponse): void {
    const back = this.parts.refusalState(state);
    const tail = back === undefined ? '' : `&state=${encodeURIComponent(back ?? '')}`;
    if (back === null) response.writeHead(400).end('<h1>Sorry</h1>');
    else response.writeHead(302, { location: `${redirectUri}?error=unsupported_response_type${tail}` }).end();
  }

  private approve(handle: string, response: ServerResponse): void {
    const request = this.requests.get(handle);
    if (!request || this.parts.endsOnPage) {
      response.writeHead(200, this.whatIsSeen()).end('<h1>You may close this page</h1>');
      return;
    }
    const refusal = this.whyNot(request.clientId, request.redirectUri, request.state);
    if (refusal !== undefined) {
      turnAway(refusal, response);
      return;
    }
    const code = randomBytes(this.parts.codeLength).toString('hex').slice(0, this.parts.codeLength);
    this.codes.set(code, { request, grant: undefined });
    const location = this.parts.location(request, code);
    response.writeHead(this.parts.redirectStatus, { location, ...this.whatIsSeen() }).end();
  }

  private whatIsSeen(): Readonly<Record<string, string>> {
    return { 'x-seen': JSON.stringify(this.parts.seen) };
  }

  private handle(body: string, response: ServerResponse): void {
    const { directive } = acceptGrantDirective.parse(JSON.parse(body));
    const { handler } = this.parts;
    const { correlationToken } = directive.header;
    const header = {
      namespace: 'Alexa.Authorization',
      payloadVersion: '3',
      messageId: randomUUID(),
      ...(correlationToken === undefined ? {} : { correlationToken }),
    };
    const known = this.accessTokens.has(directive.payload.grantee.token);
    const accepts = known && handler.redeems(directive.payload.grant.code);
    const message = known ? 'Login with Amazon refused the code' : 'Nobody has this token';
    const { status, text, took } = handler.answer(
      accepts
        ? { header: { ...header, name: 'AcceptGrant.Response' }, payload: {} }
        : { header: { ...header, name: 'ErrorResponse' }, payload: { type: 'ACCEPT_GRANT_FAILED', message } },
    );
    const says = {
      ...(took === undefined ? {} : { 'x-took': String(took) }),
      ...(handler.hangs && { 'x-hangs': '1' }),
    };
    response.writeHead(status, says).end(text);
  }

  private token(request: IncomingMessage, form: URLSearchParams, response: ServerResponse): void {
    const answer = this.authenticate(request, form) ?? this.foreign(form) ?? this.answerGrant(form);
    write(response, this.parts.tokenAnswer(answer, form));
  }

  /** The other client asks for what is not its own. The target of the tests sends credentials in the body. */
  private foreign(form: URLSearchParams): Answer | undefined {
    const isOther = form.get('client_id') === OTHER_CLIENT.clientId;
    return isOther && this.parts.bindsClient ? refuse(400, 'invalid_grant') : undefined;
  }

  private authenticate({ headers }: IncomingMessage, form: URLSearchParams): Answer | undefined {
    const { exactType, refusesUnknown } = this.parts;
    if (exactType && headers['content-type']?.includes(';')) return refuse(400, 'invalid_request');
    if (refusesUnknown && [...form.keys()].some((name) => !KNOWN.test(name))) return refuse(400, 'invalid_request');
    const basic = Buffer.from(headers.authorization?.replace('Basic ', '') ?? '', 'base64').toString();
    const fine = headers.authorization
      ? this.knows('basic', basic.split(':'))
      : this.knows('body', [form.get('client_id'), form.get('client_secret')]);
    return fine ? undefined : refuse(401, 'invalid_client');
  }

  private knows(scheme: 'basic' | 'body', [id, secret]: readonly (string | null)[]): boolean {
    const { checksSecret, schemes } = this.parts;
    if (id === OTHER_CLIENT.clientId) return secret === OTHER_CLIENT.clientSecret;
    return id === 'alexa' && schemes.includes(scheme) && (secret === SECRET || !checksSecret);
  }

  private answerGrant(form: URLSearchParams): Answer {
    const type = form.get('grant_type');
    if (type === 'authorization_code') return this.redeem(form);
    if (type === 'refresh_token') return this.refresh(form);
    return refuse(400, type === null ? 'invalid_request' : 'unsupported_grant_type');
  }

  private redeem(form: URLSearchParams): Answer {
    const { bindsCode, acceptsCode, singleUse, replayKills } = this.parts;
    const issued = this.codes.get(form.get('code') ?? '');
    const bound = issued?.request.redirectUri === form.get('redirect_uri') || !bindsCode;
    if (!issued || !bound || !acceptsCode) return refuse(400, 'invalid_grant');
    if (issued.grant && singleUse) {
      if (replayKills) issued.grant.dead = true;
      return refuse(400, 'invalid_grant');
    }
    if (!this.isVerified(issued.request, form.get('code_verifier'))) return refuse(400, 'invalid_grant');
    issued.grant = { generation: 0, dead: false, presented: new Map() };
    return this.issue(issued.grant);
  }

  private isVerified({ challenge }: AuthorizeRequest, sent: string | null): boolean {
    const hash = sent === null ? null : createHash('sha256').update(sent).digest('base64url');
    return challenge === null || this.parts.acceptsVerifier(sent, hash === challenge);
  }

  private refresh(form: URLSearchParams): Answer {
    const [grant, generation] = this.refreshTokens.get(form.get('refresh_token') ?? '') ?? [];
    if (!grant || grant.dead || generation === undefined) return refuse(400, 'invalid_grant');
    if (!this.parts.acceptsRefresh(grant, generation)) return refuse(400, 'invalid_grant');
    grant.generation = Math.max(grant.generation, generation + 1);
    return this.issue(grant);
  }

  private issue(grant: Grant): Answer {
    const [access, refresh] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
    this.refreshTokens.set(refresh, [grant, grant.generation]);
    this.accessTokens.set(access, [grant, grant.generation]);
    const json = { access_token: access, token_type: 'bearer', expires_in: 3_600, refresh_token: refresh };
    return { status: 200, headers: NO_STORE, json: grant.generation === 0 ? { ...json, first: true } : json };
  }

  private introspect(form: URLSearchParams, response: ServerResponse): void {
    const [grant, generation] = this.accessTokens.get(form.get('token') ?? '') ?? [];
    const active = !!grant && (generation === grant.generation || !this.parts.refreshEndsAccess);
    write(response, { status: 200, headers: NO_STORE, json: { active } });
  }
}

function turnAway(refusal: string, response: ServerResponse): void {
  if (refusal === 'page') response.writeHead(400, { 'content-type': 'text/html' }).end('<h1>Sorry</h1>');
  else response.writeHead(302, { location: refusal }).end();
}

function write(response: ServerResponse, { status, headers, json, text }: Answer): void {
  // Faults that take time are only said, and the tests' probe believes it: nobody waits.
  response.writeHead(status, headers).end(text ?? JSON.stringify(json));
}

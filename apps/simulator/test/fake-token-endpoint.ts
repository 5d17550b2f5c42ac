import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FakeBroker, FakeGrant } from './fake-broker.js';

export function refuse(reply: FastifyReply, status: number, error: string, description: string): FastifyReply {
  return reply.code(status).send({ error, error_description: description });
}

/** Refresh tokens are `id.generation`; the successor of the latest is the next generation, of an older one the latest. */
function findGrant(broker: FakeBroker, token: string): FakeGrant | undefined {
  const [id = '', generation = ''] = token.split('.');
  const grant = broker.grants.get(id);
  if (!grant || Number(generation) > grant.generation) return undefined;
  if (Number(generation) === grant.generation) grant.generation += 1;
  else if (broker.habits.onlyLatest) return undefined;
  return grant;
}

function membersFor(broker: FakeBroker, grant: FakeGrant, refreshing: boolean): Record<string, unknown> {
  const accessToken = `at_${randomBytes(24).toString('base64url')}`;
  if (broker.habits.oneAccessToken) grant.accessTokens.length = 0;
  grant.accessTokens.push(accessToken);
  const id = [...broker.grants].find(([, known]) => known === grant)?.[0];
  return {
    access_token: accessToken,
    token_type: 'bearer',
    expires_in: 3600,
    refresh_token: `${id}.${grant.generation}`,
    ...broker.habits.members,
    ...(refreshing ? broker.habits.refreshMembers : {}),
  };
}

/** The answer of the token endpoint, right by default and wrong where the broker has a habit. */
export function answerToken(
  broker: FakeBroker,
  form: URLSearchParams,
  reply: FastifyReply,
  fresh?: FakeGrant,
): FastifyReply {
  const { habits } = broker;
  const refreshing = fresh === undefined;
  if (refreshing && habits.refreshError) return refuse(reply, ...habits.refreshError, 'as told');
  const grant = fresh ?? findGrant(broker, form.get('refresh_token') ?? '');
  if (!grant) return refuse(reply, 400, 'invalid_grant', 'no such refresh token');
  const members = membersFor(broker, grant, refreshing);
  reply.code(habits.tokenStatus ?? 200).headers({ 'cache-control': 'no-store', pragma: 'no-cache', ...habits.headers });
  if (habits.html) return reply.type('text/html').send('<h1>Thank you</h1>');
  if (!habits.formEncoded) return reply.send(members);
  const pairs = Object.entries(members).map(([name, value]): [string, string] => [name, String(value)]);
  return reply.type('application/x-www-form-urlencoded').send(new URLSearchParams(pairs).toString());
}

const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';

function isBackend(broker: FakeBroker, request: FastifyRequest): boolean {
  const { clientId, clientSecret } = broker.backend;
  return request.headers.authorization === `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
}

/** RFC 8693, for a token of this broker. */
export function answerExchange(broker: FakeBroker, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!isBackend(broker, request)) return refuse(reply, 401, 'invalid_client', 'not a backend');
  const form = new URLSearchParams(String(request.body));
  const token = form.get('subject_token') ?? '';
  const known = [...broker.grants.values()].some(({ accessTokens }) => accessTokens.includes(token));
  if (!known || form.get('subject_token_type') !== accessTokenType) return refuse(reply, 400, 'invalid_grant', 'no');
  const answer = { access_token: 'upstream-token', token_type: 'Bearer', expires_in: 3_000 };
  return reply
    .code(broker.habits.exchangeStatus ?? 200)
    .send({ ...answer, issued_token_type: accessTokenType, ...broker.habits.exchangeMembers });
}

export function answerIntrospection(broker: FakeBroker, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!isBackend(broker, request)) return refuse(reply, 401, 'invalid_client', 'not a backend');
  const token = new URLSearchParams(String(request.body)).get('token') ?? '';
  const grant = [...broker.grants.values()].find(({ accessTokens }) => accessTokens.includes(token));
  if (!grant || broker.habits.inactive) return reply.send({ active: false });
  return reply.send({
    active: true,
    client_id: grant.clientId,
    sub: grant.sub,
    scope: grant.scope,
    token_type: 'bearer',
  });
}

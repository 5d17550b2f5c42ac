import type { FastifyInstance } from 'fastify';
import { authorize, cancel, logIn, logOut } from './authorize.js';
import { OAuthRefusal, sendRefusal } from './refusal.js';
import { revoke, token, userinfo } from './token.js';
import type { Upstream } from './upstream.js';

/** Every route names the fault target that can make it misbehave. */
export function upstreamRoutes(server: FastifyInstance, { upstream }: { upstream: Upstream }, done: () => void): void {
  server.setErrorHandler((error, _request, reply) => {
    if (error instanceof OAuthRefusal) return sendRefusal(reply, error);
    throw error;
  });

  server.get('/.well-known/openid-configuration', { config: { fault: 'upstream.discovery' } }, () =>
    upstream.discovery(),
  );
  server.get('/jwks', { config: { fault: 'upstream.jwks' } }, async () => ({
    keys: [(await upstream.signingKey).publicJwk],
  }));
  server.get('/authorize', { config: { fault: 'upstream.authorize' } }, (request, reply) =>
    authorize(upstream, request, reply),
  );
  server.post('/login', { config: { fault: 'upstream.login' } }, (request, reply) => logIn(upstream, request, reply));
  server.get('/cancel', (request, reply) => cancel(upstream, request, reply));
  server.get('/logout', (request, reply) => logOut(upstream, request, reply));
  server.post('/token', { config: { fault: 'upstream.token' } }, (request, reply) => token(upstream, request, reply));
  server.post('/revoke', { config: { fault: 'upstream.revoke' } }, (request, reply) =>
    revoke(upstream, request, reply),
  );
  server.get('/userinfo', { config: { fault: 'upstream.userinfo' } }, (request, reply) =>
    userinfo(upstream, request, reply),
  );
  done();
}

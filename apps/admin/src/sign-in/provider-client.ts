import type { Egress } from '@linkbroker/egress';
import * as client from 'openid-client';
import { ApiProblem } from '../http/problem.js';

const REQUEST_MS = 8_000;

/** A client of ours at an OpenID provider. */
export interface ProviderClient {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What is sent along, and must come back with the code. @see RFC 7636, OpenID Connect Core 1.0 §3.1.2.1 */
export interface HopSecrets {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

type Send = Pick<Egress, 'send'>;

/** Where a browser goes to sign in with the provider. @throws ApiProblem 503 when the provider cannot be asked */
export async function authorizationUrl(
  egress: Send,
  provider: ProviderClient,
  redirectUri: string,
  { state, nonce, codeVerifier }: HopSecrets,
): Promise<string> {
  const url = client.buildAuthorizationUrl(await discover(egress, provider), {
    redirect_uri: redirectUri,
    scope: 'openid profile',
    ...{ state, nonce, code_challenge_method: 'S256' },
    code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
  });
  return url.href;
}

/** Who the provider says that somebody is, after all that it says was checked. */
export interface Vouched {
  readonly issuer: string;
  readonly subject: string;
  readonly name: string | undefined;
}

/**
 * Redeems what came back; undefined where the provider refused, or where issuer, state, nonce or token are not right.
 * @throws ApiProblem 503 when the provider cannot be asked
 */
export async function redeemCallback(
  egress: Send,
  provider: ProviderClient,
  callback: URL,
  { state, nonce, codeVerifier }: HopSecrets,
): Promise<Vouched | undefined> {
  const watched = watch(egress);
  const config = await discover(watched, provider);
  const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: codeVerifier, idTokenExpected: true };
  const tokens = await client.authorizationCodeGrant(config, callback, checks).catch(noVerdict);
  if (watched.failed()) throw unavailable();
  const claims = tokens?.claims();
  if (!claims) return undefined;
  const { iss: issuer, sub: subject, name } = claims;
  return { issuer, subject, name: typeof name === 'string' ? name : undefined };
}

/** Whatever is wrong with what came back vouches for nobody; that we are refused says nothing about anybody. */
function noVerdict(error: unknown): undefined {
  if (error instanceof client.ResponseBodyError && error.error === 'invalid_client') throw unavailable();
}

const unavailable = (): ApiProblem =>
  new ApiProblem(503, 'Not available', 'The provider cannot be reached, or is not set up as it should be. Try again.');

/** Notes whether a request got no answer, which is a failure to look and no verdict about anybody. */
function watch(egress: Send): Send & { readonly failed: () => boolean } {
  let failed = false;
  const watched: Egress['send'] = async (request) => {
    try {
      const answer = await egress.send(request);
      failed ||= answer.status >= 500;
      return answer;
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  return { send: watched, failed: () => failed };
}

async function discover(
  egress: Send,
  { issuer, clientId, clientSecret }: ProviderClient,
): Promise<client.Configuration> {
  const options = {
    [client.customFetch]: fetchThrough(egress),
    execute: [
      // Whether plain http may be spoken is for the address policy to say, which every request meets.
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- only marked so, to be noticed
      ...(issuer.startsWith('http:') ? [client.allowInsecureRequests] : []),
      // By default the connection is trusted instead of the token's signature.
      client.enableNonRepudiationChecks,
    ],
  };
  try {
    return await client.discovery(new URL(issuer), clientId, undefined, authenticate(clientSecret), options);
  } catch {
    throw unavailable();
  }
}

/** In the body where the provider takes it: not all undo what Basic does to a secret. @see RFC 6749 §2.3.1 */
function authenticate(secret: string): client.ClientAuth {
  const [basic, post] = [client.ClientSecretBasic(secret), client.ClientSecretPost(secret)];
  return (server, self, body, headers) => {
    const methods = server.token_endpoint_auth_methods_supported ?? [];
    (methods.includes('client_secret_post') ? post : basic)(server, self, body, headers);
  };
}

/** The library's requests go the way that all others go. */
function fetchThrough(egress: Send): client.CustomFetch {
  return async (url, { method, headers, body }) => {
    const { 'content-length': _length, ...own } = headers;
    const answer = await egress.send({
      ...{ url, method: method === 'POST' ? 'POST' : 'GET', headers: own, purpose: 'upstream' },
      ...(body instanceof URLSearchParams || typeof body === 'string' ? { body: String(body) } : {}),
      deadline: performance.now() + REQUEST_MS,
    });
    return new Response(answer.body === '' ? null : answer.body, {
      status: answer.status,
      headers: { 'content-type': answer.contentType },
    });
  };
}

import { askBroker, type BrokerAnswer, type BrokerRequest, type Fetch } from './ask-broker.js';
import { readDirectiveAnswer, readExchange, readIntrospection, readUserinfo } from './read-answer.js';
import type { IntrospectionResult, Unavailable, UpstreamTokenResult, UserinfoResult } from './results.js';
import { errorResponseFor, type SmartHomeAnswer, type SmartHomeRequest } from './smart-home.js';
import { TokenCache } from './token-cache.js';

export interface SkillClientOptions {
  /** Where the broker is, e.g. `https://link.example.com`. Plain http only on this machine. */
  readonly brokerUrl: string;
  /** The backend client of the skill, not the one in Amazon's console. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** The skill's client id in Amazon's console; only `acceptGrant` needs it. */
  readonly alexaClientId?: string;
  /** Milliseconds for one question; 4,500 unless told. Alexa waits 8 s for the whole skill (R147). */
  readonly timeoutMs?: number;
  /** Upstream tokens kept in memory; 1,000 unless told, 0 keeps none. */
  readonly cacheSize?: number;
  /** Another `fetch`, for example one that traces. */
  readonly fetch?: Fetch;
  /** Milliseconds since the epoch, for tests. */
  readonly now?: () => number;
}

export interface SkillClient {
  /**
   * The provider's access token for the access token that Alexa sent. Never throws.
   * @param options.fresh passes over the kept one, when the provider has refused it
   */
  upstreamToken(accessToken: string | undefined, options?: { readonly fresh?: boolean }): Promise<UpstreamTokenResult>;
  /** Who is linked. Never throws. */
  userinfo(accessToken: string | undefined): Promise<UserinfoResult>;
  /** What a token is worth. Never throws. @see RFC 7662 */
  introspect(token: string): Promise<IntrospectionResult>;
  /**
   * Hands AcceptGrant on to the broker and gives what Alexa has to be answered, also where the broker cannot be asked.
   * Never throws.
   * @see R148, R149, R153
   */
  acceptGrant(request: SmartHomeRequest): Promise<SmartHomeAnswer>;
}

/** More than the broker takes for an answer (3.5 s), so that its own word arrives; less than Alexa waits. */
const TIMEOUT_MS = 4_500;
const CACHE_SIZE = 1_000;
const FORM = 'application/x-www-form-urlencoded';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
/** What a header can hold; a token with anything else is none. @see RFC 6750 §2.1 */
const TOKEN = /^[\x21-\x7e]+$/;

/**
 * A client of the broker for a skill's own server. Make it once, outside the handler: it keeps tokens between calls.
 * @throws TypeError when the options cannot be right
 * @see docs/skill-backends.md
 */
export function createSkillClient(options: SkillClientOptions): SkillClient {
  const { timeoutMs = TIMEOUT_MS, cacheSize = CACHE_SIZE, now = Date.now } = options;
  const { fetch = globalThis.fetch } = options;
  const addressOf = addresses(options.brokerUrl);
  const authorization = basic(options.clientId, options.clientSecret);
  const cache = new TokenCache(cacheSize, now);

  const ask = async <T>(request: BrokerRequest, read: (answer: BrokerAnswer) => T): Promise<T | Unavailable> => {
    const answer = await askBroker(fetch, request, timeoutMs);
    return answer.kind === 'answer' ? read(answer) : answer;
  };
  const post = (path: string, form: Record<string, string>): BrokerRequest => ({
    method: 'POST',
    url: addressOf(path),
    headers: { authorization, accept: 'application/json', 'content-type': FORM },
    body: new URLSearchParams(form).toString(),
  });
  const exchange = (subject: string): BrokerRequest =>
    post('/oauth/token', { grant_type: TOKEN_EXCHANGE, subject_token: subject, subject_token_type: ACCESS_TOKEN });

  return {
    async upstreamToken(accessToken, { fresh = false } = {}) {
      if (accessToken === undefined || !TOKEN.test(accessToken)) return { kind: 'not-linked' };
      return cache.get(accessToken, fresh, () => ask(exchange(accessToken), readExchange));
    },
    async userinfo(accessToken) {
      if (accessToken === undefined || !TOKEN.test(accessToken)) return { kind: 'not-linked' };
      const headers = { authorization: `Bearer ${accessToken}`, accept: 'application/json' };
      return ask({ method: 'GET', url: addressOf('/oauth/userinfo'), headers }, readUserinfo);
    },
    async acceptGrant(request) {
      if (options.alexaClientId === undefined) {
        return errorResponseFor({ kind: 'misconfigured', reason: 'alexaClientId is missing' }, request);
      }
      const url = addressOf(`/alexa/${encodeURIComponent(options.alexaClientId)}/directives`);
      const headers = { authorization, accept: 'application/json', 'content-type': 'application/json' };
      const answer = await ask(
        { method: 'POST', url, headers, body: JSON.stringify({ directive: request.directive }) },
        readDirectiveAnswer,
      );
      return 'event' in answer ? answer : errorResponseFor(answer, request);
    },
    introspect: (token) => ask(post('/oauth/introspect', { token }), readIntrospection),
  };
}

function addresses(brokerUrl: string): (path: string) => string {
  const url = URL.canParse(brokerUrl) ? new URL(brokerUrl) : undefined;
  const local = url !== undefined && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url?.protocol !== 'https:' && !(local && url.protocol === 'http:')) {
    throw new TypeError('brokerUrl must be an https address');
  }
  if (url.username !== '' || url.password !== '') throw new TypeError('brokerUrl must not hold credentials');
  return (path) => url.origin + path;
}

/** Both are form-encoded first. @see RFC 6749 §2.3.1 */
function basic(clientId: string, clientSecret: string): string {
  if (clientId === '' || clientSecret === '') throw new TypeError('clientId and clientSecret must not be empty');
  const encode = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1);
  return `Basic ${Buffer.from(`${encode(clientId)}:${encode(clientSecret)}`).toString('base64')}`;
}

import { createHash, timingSafeEqual } from 'node:crypto';
import { OAuthRefusal } from './refusal.js';

/** Where a provider may send a client's codes. */
export interface RedirectRules {
  /** Compared byte for byte. */
  readonly redirectUris?: readonly string[] | undefined;
  /** Allows every address below `${BROKER_URL}/callback/`, one per tenant and connector. */
  readonly brokerCallbacks?: boolean | undefined;
}

/** A client registered at the simulated OpenID provider. */
export interface UpstreamClient extends RedirectRules {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** @returns whether the provider may send codes to this address */
export function isRedirectUriAllowed(client: RedirectRules, redirectUri: string, brokerUrl: string): boolean {
  if (client.redirectUris?.includes(redirectUri)) return true;
  const below = `${brokerUrl}/callback/`;
  if (!client.brokerCallbacks || !redirectUri.startsWith(below) || redirectUri.length === below.length) return false;
  // Normalising changes addresses with dot segments or odd characters; what changes is not the broker's.
  return URL.canParse(redirectUri) && new URL(redirectUri).href === redirectUri && !redirectUri.includes('#');
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const isSame = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other));

interface Registered {
  readonly clientId: string;
  /** Without one no secret is right. */
  readonly clientSecret?: string | undefined;
}

interface Presented {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** RFC 6749 §2.3.1: id and secret are form-encoded before they go into the header. */
function fromBasic(header: string): Presented {
  const pair = Buffer.from(header.slice('basic '.length), 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  const decode = (text: string) => decodeURIComponent(text.replaceAll('+', ' '));
  try {
    return { clientId: decode(pair.slice(0, Math.max(colon, 0))), clientSecret: decode(pair.slice(colon + 1)) };
  } catch {
    throw new OAuthRefusal('invalid_client', 'the Basic header cannot be read', 401);
  }
}

function readPresented(header: string | undefined, params: ReadonlyMap<string, string>): Presented {
  const secret = params.get('client_secret');
  if (header === undefined) return { clientId: params.get('client_id') ?? '', clientSecret: secret ?? '' };
  if (!/^basic /i.test(header)) throw new OAuthRefusal('invalid_client', 'use Basic or body credentials', 401);
  if (secret !== undefined) throw new OAuthRefusal('invalid_request', 'two ways of client authentication at once');
  const presented = fromBasic(header);
  const named = params.get('client_id');
  if (named !== undefined && named !== presented.clientId) {
    throw new OAuthRefusal('invalid_request', 'client_id differs between header and body');
  }
  return presented;
}

/**
 * Client authentication by Basic header or body, never both.
 * @throws OAuthRefusal
 */
export function authenticateClient<C extends Registered>(
  clients: readonly C[],
  header: string | undefined,
  params: ReadonlyMap<string, string>,
): C {
  const presented = readPresented(header, params);
  const client = clients.find(({ clientId }) => clientId === presented.clientId);
  if (client?.clientSecret === undefined || !isSame(client.clientSecret, presented.clientSecret)) {
    throw new OAuthRefusal('invalid_client', 'unknown client or wrong secret', 401);
  }
  return client;
}

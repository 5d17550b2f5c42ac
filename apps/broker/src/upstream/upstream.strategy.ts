import type { Connector } from '@linkbroker/contracts';
import { authorizeParameters, type Upstream, type UpstreamTokens } from '@linkbroker/providers';
import OAuth2Strategy from 'passport-oauth2';

/** The way to the provider: how to bind the attempt once the verifier is known, and the nonce to send. */
export interface RedirectLeg {
  readonly kind: 'redirect';
  readonly nonce: string;
  /** Whether consent is asked for again. */
  readonly consent: boolean;
  /** Binds the attempt and returns the state to send upstream. The verifier is empty for a provider without PKCE. */
  readonly begin: (codeVerifier: string) => Promise<string>;
}

/** The way back: everything in it has been claimed and checked before passport sees it. */
export interface CallbackLeg {
  readonly kind: 'callback';
  readonly codeVerifier: string;
  /** The token call, through `providers` and `egress`. */
  readonly exchange: (code: string) => Promise<UpstreamTokens>;
}

export type UpstreamLeg = RedirectLeg | CallbackLeg;

/** All that passport is shown of a request. */
export interface PassportRequest {
  readonly query: { readonly code?: string; readonly state?: string };
  readonly body: Readonly<Record<string, never>>;
  readonly headers: Readonly<Record<string, string>>;
}

type StoreDone = (error: unknown, state?: string) => void;
type VerifyDone = (error: unknown, verifier: string | boolean, state?: unknown) => void;
type TokenDone = (error: unknown, accessToken?: string, refreshToken?: string, params?: unknown) => void;

/** Settles a node-style callback with a promise; the tick keeps what the callback throws out of the promise. */
function settle<T>(promise: Promise<T>, done: (error: unknown, value?: T) => void): void {
  promise.then(
    (value) => process.nextTick(done, null, value),
    (error: unknown) => process.nextTick(done, error),
  );
}

/** Passport asks its store for the state to send and the verifier to use; the leg of this very request knows both. */
class LegStore {
  constructor(private readonly leg: UpstreamLeg) {}

  /** Five parameters: passport-oauth2 passes the PKCE verifier only to a store of that arity. */
  store(_request: unknown, verifier: string | undefined, _state: unknown, _meta: unknown, done: StoreDone): void {
    if (this.leg.kind !== 'redirect') done(new Error('a callback does not start a hop'));
    else settle(this.leg.begin(verifier ?? ''), done);
  }

  verify(_request: unknown, state: string, _meta: unknown, done: VerifyDone): void {
    if (this.leg.kind === 'callback') done(null, this.leg.codeVerifier || true, state);
    else done(new Error('a redirect does not finish a hop'), false);
  }
}

/** What the callback leg ends with. */
export interface UpstreamUser {
  readonly tokens: UpstreamTokens;
}

/**
 * passport-oauth2 for one connector and one request. Never shared: passport hangs its action functions on the strategy
 * object it is handed, so a shared one would let two requests answer each other.
 * @see ADR 0005
 */
export class UpstreamStrategy extends OAuth2Strategy {
  constructor(
    private readonly connector: Connector,
    private readonly upstream: Upstream,
    callbackUrl: string,
    private readonly leg: UpstreamLeg,
  ) {
    super(
      {
        authorizationURL: upstream.authorizationEndpoint,
        tokenURL: upstream.tokenEndpoint,
        clientID: connector.clientId,
        clientSecret: connector.clientSecret,
        callbackURL: callbackUrl,
        pkce: upstream.provider.pkce === 'S256',
        state: true,
        store: new LegStore(leg),
        skipUserProfile: true,
      } as never,
      // Five parameters: only then passport-oauth2 hands over the token answer.
      (
        _access: string,
        _refresh: string,
        params: UpstreamTokens,
        _profile: unknown,
        done: (e: unknown, u: UpstreamUser) => void,
      ) => {
        done(null, { tokens: params });
      },
    );
    if (leg.kind === 'callback') {
      // passport-oauth2's own call knows neither a deadline nor an address policy.
      (this._oauth2 as unknown as { getOAuthAccessToken: unknown }).getOAuthAccessToken = (
        code: string,
        _params: unknown,
        done: TokenDone,
      ): void => {
        settle(leg.exchange(code), (error, tokens) => {
          if (error || !tokens) done(error ?? new Error('no tokens'));
          else done(null, tokens.accessToken, tokens.refreshToken ?? undefined, tokens);
        });
      };
    }
  }

  /** Scopes, nonce, response mode, consent: what the provider's declaration says. */
  override authorizationParams(): object {
    if (this.leg.kind !== 'redirect') return {};
    const { nonce, consent } = this.leg;
    return authorizeParameters(this.upstream, this.connector, { nonce, consent });
  }

  /** Keeps our typed error: passport-oauth2 would wrap it into a message. */
  _createOAuthError(_message: string, error: unknown): unknown {
    return error;
  }
}

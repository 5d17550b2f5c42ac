import type { RefreshRules, UpstreamProvider } from './upstream-provider.js';
import { upstreamModeRefusal } from './upstream-mode-refusal.js';

/** What a connector of a provider has to say. */
export interface ConnectorDemands {
  /** Whether it has to name its issuer, may point elsewhere with one, or cannot have one. */
  readonly issuer: 'needed' | 'optional' | 'none';
  /** Addresses it has to name. */
  readonly endpoints: readonly ('authorization' | 'token' | 'userinfo')[];
  /** What stands in the place of its secret. */
  readonly secret: 'text' | 'private-key';
}

/** What a connector of a provider has to say: the same as `checkConnector` refuses to do without. */
export function connectorDemands({
  protocol,
  issuer,
  issuerFamily,
  endpoints,
  identity,
  clientAuthentication,
}: UpstreamProvider): ConnectorDemands {
  const secret = clientAuthentication === 'signed-secret' ? 'private-key' : 'text';
  if (protocol === 'oidc') return { issuer: issuer || issuerFamily ? 'optional' : 'needed', endpoints: [], secret };
  const names = ['authorization', 'token', ...(identity.from === 'userinfo' ? (['userinfo'] as const) : [])] as const;
  return { issuer: 'none', endpoints: names.filter((name) => !endpoints?.[name]), secret };
}

/** What to know of a provider before households link with it, in plain words; what is usual is not said. */
export function describeQuirks(provider: UpstreamProvider): readonly string[] {
  const { name, retires, webView, scopes, refresh, revocation, responseMode } = provider;
  const refusal = upstreamModeRefusal(provider);
  return [
    ...(retires === undefined ? [] : [`${name} turns this off on ${retires}.`]),
    ...(webView === 'blocked'
      ? ['Its sign-in refuses web views inside apps: the link page tells those households to go on in a browser.']
      : []),
    ...(scopes.offline === undefined ? [] : [`There is no refresh token without the scope ${scopes.offline}.`]),
    ...refreshQuirks(refresh),
    ...(revocation?.killsSiblings
      ? ['Revoking one token ends everything that this person has allowed this client.']
      : []),
    ...(revocation ? [] : ['It takes no revocations: a token that is no longer wanted runs out by itself.']),
    ...(responseMode === 'form_post' ? ['It sends people back by a POST from its own site.'] : []),
    ...(refusal === undefined ? [] : [`A skill cannot use tokenMode: upstream with it: ${refusal}.`]),
  ];
}

const ROTATIONS: Readonly<Record<RefreshRules['rotation'], string | undefined>> = {
  none: undefined,
  replaced: undefined,
  'single-use': 'A refresh token works once, so nothing else may refresh what this client was given.',
  grace: 'A new refresh token comes with each refresh, and the old one stays good for a while only.',
};

function refreshQuirks(refresh: RefreshRules): string[] {
  if (refresh.kind === 'none') return ['It gives no refresh tokens: a link lasts as long as its access token.'];
  const rotation = refresh.kind === 'exchange' ? EXCHANGED : ROTATIONS[refresh.rotation];
  const { maxAgeSeconds, idleSeconds, ceiling, killsPreviousAccessToken } = refresh;
  return [
    ...(rotation === undefined ? [] : [rotation]),
    ...(maxAgeSeconds === undefined ? [] : [`A refresh token lives for ${span(maxAgeSeconds)} at most.`]),
    ...(idleSeconds === undefined ? [] : [`A refresh token that nobody uses for ${span(idleSeconds)} dies.`]),
    ...(ceiling === undefined
      ? []
      : [`A person can have ${String(ceiling)} of this client’s refresh tokens; one more ends the oldest silently.`]),
    ...(killsPreviousAccessToken ? ['A refresh ends the access token before it.'] : []),
  ];
}

const EXCHANGED =
  'An access token is traded for a longer one while it lives; once it has run out, the household links again.';

const UNITS: readonly (readonly [seconds: number, name: string])[] = [
  [86_400, 'days'],
  [3_600, 'hours'],
  [60, 'minutes'],
];

/** In the largest unit that leaves no rest. */
function span(seconds: number): string {
  const [size, name] = UNITS.find(([size]) => seconds % size === 0) ?? [1, 'seconds'];
  return `${String(seconds / size)} ${name}`;
}

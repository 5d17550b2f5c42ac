import type { UpstreamProvider } from './upstream-provider.js';

/** Alexa refreshes when it sees fit, and directives under way carry the token before. */
const SHORTEST_LIFETIME_SECONDS = 1_200;

/**
 * Why a skill cannot hand this provider's own tokens to Alexa, or undefined when it can.
 * @see R107, R220
 */
export function upstreamModeRefusal(provider: UpstreamProvider): string | undefined {
  if (provider.refresh.killsPreviousAccessToken) {
    return `${provider.name} ends an access token when it is renewed, and requests under way still carry it`;
  }
  const lifetime = provider.token.lifetime ?? provider.token.assumedLifetime;
  if (lifetime !== undefined && lifetime < SHORTEST_LIFETIME_SECONDS) {
    return `${provider.name}'s access tokens live ${lifetime} seconds, and Alexa needs at least ${SHORTEST_LIFETIME_SECONDS}`;
  }
  return undefined;
}

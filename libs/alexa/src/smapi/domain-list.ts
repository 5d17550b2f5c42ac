import { ALEXA_LIMITS } from '../limits.js';
import { isExactHost } from './hosts.js';

/** A host that should be on the list and cannot be. */
export interface LeftOutHost {
  readonly host: string;
  readonly reason: string;
}

export interface DomainList {
  readonly domains: readonly string[];
  readonly leftOut: readonly LeftOutHost[];
}

/**
 * The Domain List of a skill: the broker's own host and those of the sign-ins, in small letters, each once, exact ones only,
 * at most 15. The broker's is the first to give way, because the authorization address implies it.
 * @param ownHost the broker's
 * @param loginHosts those a household passes, the most needed first
 * @see R52 R53 R54 R131
 */
export function buildDomainList(ownHost: string, loginHosts: readonly string[]): DomainList {
  const own = ownHost.toLowerCase();
  const wanted = [...new Set([own, ...loginHosts.map((host) => host.toLowerCase())])];
  const exact = wanted.filter(isExactHost);
  const fitting = exact.length > ALEXA_LIMITS.maxDomains ? exact.filter((host) => host !== own) : exact;
  const unlisted = wanted.filter((host) => !isExactHost(host) && host !== own);
  return {
    domains: fitting.slice(0, ALEXA_LIMITS.maxDomains),
    leftOut: [
      ...unlisted.map((host) => ({ host, reason: 'not one exact host (R53): list those that households use' })),
      ...fitting.slice(ALEXA_LIMITS.maxDomains).map((host) => ({ host, reason: 'the 15 are full (R54)' })),
    ],
  };
}

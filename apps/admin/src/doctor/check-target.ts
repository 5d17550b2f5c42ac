import type { DoctorTarget } from '@linkbroker/contracts';
import type { DoctorHost } from '@linkbroker/persistence';
import { ApiProblem } from '../http/problem.js';
import { isProven } from './prove-host.js';

/** What a target is held against. */
export interface TargetFacts {
  readonly hosts: readonly DoctorHost[];
  readonly now: Date;
  readonly brokerUrl: string;
  /** Client ids that Alexa has of the tenant's own skills. */
  readonly ownClients: readonly string[];
}

/** A target that may be looked at. */
export interface CheckedTarget {
  /** All that the run may talk to, without ports. */
  readonly hosts: ReadonlySet<string>;
  /** What is kept of the target, and shown. */
  readonly shown: Readonly<Record<string, unknown>>;
}

/**
 * Refuses a target with an address on a host that the tenant has not proven to be his. The broker's own host counts as his
 * where the target is one of his own skills here. Of the domains, which may be anybody's, only the proven ones are talked to.
 * @throws ApiProblem 422 naming every host
 */
export function checkTarget(target: DoctorTarget, facts: TargetFacts): CheckedTarget {
  const asked = hostsOf(target);
  const proven = new Set(facts.hosts.filter((one) => isProven(one, facts.now)).map(({ host }) => host));
  if (isOwnSkill(target, facts)) proven.add(new URL(facts.brokerUrl).hostname);
  const foreign = asked.filter(({ host }) => !proven.has(host));
  if (foreign.length > 0) throw notProven(foreign);
  const { authorizeUrl, tokenUrl, clientId, scheme, redirectUri, scope, domains, skill } = target;
  const isReached = (domain: string): boolean => proven.has(domain.toLowerCase());
  return {
    hosts: new Set([...asked.map(({ host }) => host), ...domains.filter(isReached).map((one) => one.toLowerCase())]),
    shown: {
      ...{ authorizeUrl, tokenUrl, clientId, scheme, redirectUri, scope, domains },
      unreached: domains.filter((one) => !isReached(one)),
      ...(skill !== undefined && { skill }),
    },
  };
}

interface AskedHost {
  readonly field: string;
  readonly host: string;
}

function hostsOf({ authorizeUrl, tokenUrl, acceptGrant }: DoctorTarget): AskedHost[] {
  const ofAddress = (field: string, address: string): AskedHost => ({ field, host: readHost(field, address) });
  return [
    ofAddress('authorizeUrl', authorizeUrl),
    ofAddress('tokenUrl', tokenUrl),
    ...(acceptGrant ? [ofAddress('acceptGrant.url', acceptGrant.url)] : []),
  ];
}

function readHost(field: string, address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url && url.username + url.password + url.hash === '') return url.hostname;
  const complaint = 'must be an http(s) address without credentials and fragment';
  throw new ApiProblem(400, 'The request is not understood', `body.target.${field} ${complaint}`, {
    errors: [{ field: `body.target.${field}`, message: complaint }],
  });
}

const isOwnSkill = ({ authorizeUrl, tokenUrl, clientId }: DoctorTarget, { brokerUrl, ownClients }: TargetFacts) =>
  authorizeUrl === `${brokerUrl}/oauth/authorize` &&
  tokenUrl === `${brokerUrl}/oauth/token` &&
  ownClients.includes(clientId);

function notProven(foreign: readonly AskedHost[]): ApiProblem {
  const names = [...new Set(foreign.map(({ host }) => host))].join(', ');
  const errors = foreign.map(({ field, host }) => ({
    field: `body.target.${field}`,
    message: `${host} is not proven to be yours`,
  }));
  return new ApiProblem(422, 'Not proven', `Prove first that these hosts are yours: ${names}.`, { errors });
}

import type { Connector, Deadline } from '@linkbroker/contracts';
import {
  discoveryUrlOf,
  resolveUpstream,
  UpstreamError,
  type Upstream,
  type WireRequest,
  type WireResponse,
} from '@linkbroker/providers';

/** The way to upstream providers: published documents, and requests under a deadline. */
export interface UpstreamNeeds {
  readonly documents: { get(url: string, deadline: Deadline, notBefore?: number): Promise<unknown> };
  readonly egress: {
    send(request: WireRequest & { purpose: 'upstream'; deadline: Deadline; circuit: string }): Promise<WireResponse>;
  };
}

/** The provider as this connector reaches it. @throws UpstreamError */
export async function findUpstream(
  needs: Pick<UpstreamNeeds, 'documents'>,
  connector: Connector,
  deadline: Deadline,
): Promise<Upstream> {
  const url = discoveryUrlOf(connector);
  const discovery = url === null ? undefined : await reach(() => needs.documents.get(url, deadline));
  return resolveUpstream(connector, discovery);
}

/** Sends one request upstream, through egress. @throws UpstreamError whose cause says whether anything was sent */
export function sendUpstream(
  needs: Pick<UpstreamNeeds, 'egress'>,
  connector: Connector,
  request: WireRequest,
  deadline: Deadline,
): Promise<WireResponse> {
  return reach(() => needs.egress.send({ ...request, purpose: 'upstream', deadline, circuit: connector.id }));
}

/** Whatever goes wrong on the way there is the provider being unavailable, except what policy forbids. */
export async function reach<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof UpstreamError) throw cause;
    const refused = cause instanceof Error && cause.name === 'EgressRefused';
    throw new UpstreamError(refused ? 'misconfigured' : 'unavailable', describe(cause), { cause });
  }
}

const describe = (cause: unknown): string =>
  cause instanceof Error ? cause.message : 'the provider cannot be reached';

/** Whether an error of {@link sendUpstream} came before anything was written to the provider. */
export function wasNotSent(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause as { name?: string; sent?: boolean } | undefined) : undefined;
  return cause?.name === 'EgressRefused' || (cause?.name === 'EgressFailed' && cause.sent === false);
}

import type { ApiInput, ApiRoute } from '@linkbroker/contracts/api';
import type { z } from 'zod';
import { ApiFailure, readFailure } from './api-failure.js';

/** Milliseconds that an answer may take. Nothing on the page waits longer. */
const DEADLINE_MS = 20_000;
const PREFIX = '/api/v1';

type QueryOf<Query extends z.ZodType> = { readonly [Name in keyof z.input<Query>]?: string | number | undefined };

/** What a call of a route takes. */
export type CallInput<Route extends ApiRoute> = (keyof ApiInput<Route>['params'] extends never
  ? unknown
  : { readonly params: ApiInput<Route>['params'] }) &
  (Route['query'] extends z.ZodType ? { readonly query?: QueryOf<Route['query']> } : unknown) &
  (Route['body'] extends z.ZodType ? { readonly body: z.input<Route['body']> } : unknown) & {
    /** The entity tag that what is changed has to have. */
    readonly ifMatch?: string | undefined;
  };

/** What it brings: the JSON of the route, a text, or nothing. */
export type CallAnswer<Route extends ApiRoute> = Route['answer'] extends z.ZodType
  ? z.output<Route['answer']>
  : Route['contentType'] extends string
    ? string
    : undefined;

export interface CallNeeds {
  readonly fetch: typeof fetch;
  /** The token of the session, for calls that change something. */
  readonly csrf: () => string | null;
}

/** Calls one route of the API. */
export type CallApi = <Route extends ApiRoute>(
  route: Route,
  input: CallInput<Route>,
  signal?: AbortSignal,
) => Promise<CallAnswer<Route>>;

/** What was read, and the entity tag by which a change says so. */
export interface Tagged<Answer> {
  readonly answer: Answer;
  readonly tag: string | undefined;
}

/** Reads something that is to be changed. */
export type ReadTagged = <Route extends ApiRoute>(
  route: Route,
  input: CallInput<Route>,
  signal?: AbortSignal,
) => Promise<Tagged<CallAnswer<Route>>>;

interface AnyInput {
  readonly ifMatch?: string | undefined;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
}

/**
 * A client that is typed by the routes themselves: what they do not know cannot be sent, and an answer that is not of
 * their shape is not taken for one.
 * @throws ApiFailure, from every call
 */
export const createCallApi =
  (needs: CallNeeds): CallApi =>
  (route, input, signal) =>
    exchange(needs, route, input as AnyInput, signal, async (response) => (await readAnswer(route, response)) as never);

/** The same for what is to be changed: with the entity tag of what was read. @see RFC 9110 §8.8.3 */
export const createReadTagged =
  (needs: CallNeeds): ReadTagged =>
  (route, input, signal) =>
    exchange(needs, route, input as AnyInput, signal, async (response) => ({
      answer: (await readAnswer(route, response)) as never,
      tag: response.headers.get('etag') ?? undefined,
    }));

async function exchange<Answer>(
  { fetch, csrf }: CallNeeds,
  route: ApiRoute,
  { params = {}, query = {}, body, ifMatch }: AnyInput,
  signal: AbortSignal | undefined,
  read: (response: Response) => Promise<Answer>,
): Promise<Answer> {
  const token = route.method === 'GET' ? null : csrf();
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  const request: RequestInit = {
    method: route.method,
    headers: {
      accept: route.contentType ?? 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== null && { 'x-csrf-token': token }),
      ...(ifMatch !== undefined && { 'if-match': ifMatch }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
  };
  try {
    const response = await fetch(addressOf(route.path, params, query), request);
    if (!response.ok) throw await readFailure(response);
    return await read(response);
  } catch (error) {
    throw asFailure(error, deadline, signal);
  }
}

function addressOf(
  path: string,
  params: NonNullable<AnyInput['params']>,
  query: NonNullable<AnyInput['query']>,
): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  );
  return `${PREFIX}${filled}${given.length > 0 ? `?${new URLSearchParams(given).toString()}` : ''}`;
}

async function readAnswer({ answer, contentType }: ApiRoute, response: Response): Promise<unknown> {
  if (contentType !== undefined) return response.text();
  if (!answer) return undefined;
  const parsed = answer.safeParse(await response.json());
  if (!parsed.success) throw new ApiFailure('unreadable', { status: response.status });
  return parsed.data;
}

/** A call that its caller gave up is not a failure of the API, and stays what it is. */
function asFailure(error: unknown, deadline: AbortSignal, signal: AbortSignal | undefined): unknown {
  if (error instanceof ApiFailure || signal?.aborted) return error;
  if (deadline.aborted) return new ApiFailure('late');
  return new ApiFailure((error as Error).name === 'SyntaxError' ? 'unreadable' : 'offline');
}

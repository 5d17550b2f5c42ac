import type { z } from 'zod';
import type { Permission } from './permissions.js';

/**
 * Who is let in: anybody; whoever is signed in; an operator; or whoever has a permission in the tenant that the path
 * names. A tenant route's path holds `{tenant}`, the slug; an operator's may.
 */
export type ApiAccess = 'public' | 'signed-in' | 'operator' | { readonly tenant: Permission };

/** One route of the admin API: all that its server, its document and its clients need to know. */
export interface ApiRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the API's address, parameters in braces: `/tenants/{tenant}/skills`. */
  readonly path: `/${string}`;
  readonly summary: string;
  readonly access: ApiAccess;
  /** Values are texts on the wire. */
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** The JSON of a success; absent where there is none (204). */
  readonly answer?: z.ZodType;
  /** Of a success; 200 with an answer and 204 without one where absent. */
  readonly status?: 200 | 201 | 202;
  /** Of an answer that is no JSON. */
  readonly contentType?: string;
}

type ParameterOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterOf<Rest>
  : never;

/** What a handler of a route is given of the request. */
export interface ApiInput<Route extends ApiRoute> {
  readonly params: Readonly<Record<ParameterOf<Route['path']>, string>>;
  readonly query: Route['query'] extends z.ZodType ? z.output<Route['query']> : Readonly<Record<string, never>>;
  readonly body: Route['body'] extends z.ZodType ? z.output<Route['body']> : undefined;
  /** Entity tags that what is changed has to have, one of them. @see RFC 9110 §13.1.1 */
  readonly ifMatch: string | undefined;
}

/** What a handler of a route returns. */
export type ApiAnswer<Route extends ApiRoute> = Route['answer'] extends z.ZodType ? z.input<Route['answer']> : void;

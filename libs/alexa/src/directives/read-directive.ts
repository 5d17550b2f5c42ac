import { parseJson } from '@linkbroker/protocol';
import { z } from 'zod';
import { acceptGrantDirective, type AcceptGrantDirective } from './accept-grant.js';

const anyDirective = z.object({
  directive: z.object({
    header: z.object({
      namespace: z.string().min(1).max(200),
      name: z.string().min(1).max(200),
      correlationToken: z.string().max(4_096).optional(),
    }),
  }),
});

/** What came in the body of a request that should hold a directive. */
export type ReadDirective =
  | { readonly kind: 'accept-grant'; readonly directive: AcceptGrantDirective['directive'] }
  /** It says that it is AcceptGrant, and has not what belongs to it. */
  | { readonly kind: 'broken-accept-grant'; readonly correlationToken: string | undefined }
  | { readonly kind: 'other'; readonly correlationToken: string | undefined }
  | { readonly kind: 'no-directive' };

/** Reads a body as a directive of Alexa's. @see R150 */
export function readDirective(text: string): ReadDirective {
  const body = parseJson(text);
  const any = anyDirective.safeParse(body);
  if (!any.success) return { kind: 'no-directive' };
  const { namespace, name, correlationToken } = any.data.directive.header;
  if (namespace !== 'Alexa.Authorization' || name !== 'AcceptGrant') return { kind: 'other', correlationToken };
  const read = acceptGrantDirective.safeParse(body);
  return read.success
    ? { kind: 'accept-grant', directive: read.data.directive }
    : { kind: 'broken-accept-grant', correlationToken };
}

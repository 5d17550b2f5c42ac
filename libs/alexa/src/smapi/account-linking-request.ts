import { z } from 'zod';
import { ALEXA_LIMITS } from '../limits.js';
import { isExactHost, isOpenToAlexa } from './hosts.js';

const address = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .refine(isOpenToAlexa, 'must be https on port 443, without credentials and fragment (R6, R7)');

/** Lists that Amazon keeps once. */
const distinct = (values: readonly string[]): boolean => new Set(values).size === values.length;

const domains = z
  .array(z.string().refine(isExactHost, 'must be one host, without scheme, port, path and wildcard (R53)'))
  .max(ALEXA_LIMITS.maxDomains, 'Amazon takes at most 15 domains (R131)')
  .refine(distinct, 'names a host twice');

const scopes = z
  .array(z.string().regex(/^[\x21\x23-\x5B\x5D-\x7E]+$/, 'must be a single scope without spaces'))
  .max(ALEXA_LIMITS.maxScopes, 'Amazon takes at most 15 scopes (R130)')
  .refine(distinct, 'names a scope twice');

/** What the code grant cannot do without. @see R132 */
const NEEDED_BY_CODE_GRANT = ['accessTokenUrl', 'clientSecret', 'accessTokenScheme'] as const;

/**
 * The members Amazon's Skill Management API takes, and no others: it would ignore a misspelt one. Narrower than Amazon's own
 * description, which requires none of them and lets a token expire at once.
 * @see R126 R127 R128 R130 R131 R132, R81
 */
export const accountLinkingRequest = z
  .strictObject({
    type: z.enum(['AUTH_CODE', 'IMPLICIT']),
    authorizationUrl: address,
    domains,
    clientId: z
      .string()
      .max(200)
      .regex(/^[\x20-\x7E]+$/, 'must be printable ASCII'),
    scopes,
    accessTokenUrl: address.exactOptional(),
    clientSecret: z.string().min(1).max(512).exactOptional(),
    accessTokenScheme: z.enum(['HTTP_BASIC', 'REQUEST_BODY_CREDENTIALS']).exactOptional(),
    defaultTokenExpirationInSeconds: z
      .int()
      .min(ALEXA_LIMITS.minAccessTokenTtl, 'must be at least 360 seconds (R81)')
      .exactOptional(),
    reciprocalAccessTokenUrl: address.exactOptional(),
    redirectUrls: z.array(z.url()).exactOptional(),
    authorizationUrlsByPlatform: z
      .array(z.strictObject({ platformType: z.enum(['iOS', 'Android']), platformAuthorizationUrl: z.url() }))
      .exactOptional(),
    /** A boolean: the text `"true"` of some samples is not what the API describes (R136). */
    skipOnEnablement: z.boolean().exactOptional(),
    voiceForwardAccountLinking: z.enum(['ENABLED', 'DISABLED']).exactOptional(),
  })
  .superRefine((request, context) => {
    if (request.type === 'IMPLICIT') return;
    for (const name of NEEDED_BY_CODE_GRANT) {
      if (request[name] !== undefined) continue;
      context.addIssue({ code: 'custom', path: [name], message: 'is needed for the code grant (R132)' });
    }
  });
export type AccountLinkingRequest = z.infer<typeof accountLinkingRequest>;

/** The whole body of the PUT; without the wrapper Amazon answers 400. @see R125 */
export const accountLinkingBody = z.strictObject({ accountLinkingRequest });
export type AccountLinkingBody = z.infer<typeof accountLinkingBody>;

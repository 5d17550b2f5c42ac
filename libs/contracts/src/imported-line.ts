import { z } from 'zod';

/** SHA-256, in hexadecimal or base64url. */
const fingerprint = z
  .string()
  .regex(/^([0-9a-f]{64}|[0-9A-F]{64}|[A-Za-z0-9_-]{43}=?)$/, 'is a SHA-256, in hexadecimal or base64url');
const moment = z.iso.datetime({ offset: true });
const token = z.string().min(1).max(8_192);
const scopes = z.array(z.string().min(1).max(255)).max(100);

/**
 * One link of another server: whose it is at the provider, the tokens that server holds from there, and what Alexa holds
 * from that server, as SHA-256 only.
 */
export const importedLine = z.strictObject({
  /** As the provider names the account. */
  subject: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'holds a control character'),
  upstream: z
    .strictObject({
      refreshToken: token.optional(),
      accessToken: token.optional(),
      accessTokenExpiresAt: moment.optional(),
      scopes: scopes.optional(),
    })
    .refine(({ refreshToken, accessToken }) => refreshToken !== undefined || accessToken !== undefined, {
      message: 'needs a refreshToken or an accessToken',
    }),
  /** Of the skill; all of them where absent. */
  scopes: scopes.optional(),
  linkedAt: moment.optional(),
  /** Each becomes a grant of its own. */
  refreshTokens: z.array(fingerprint).min(1).max(50),
  accessTokens: z
    .array(z.strictObject({ sha256: fingerprint, expiresAt: moment }))
    .max(50)
    .optional(),
});
export type ImportedLine = z.infer<typeof importedLine>;

/** Lines that are brought in at once. */
export const MOST_IMPORTED_LINES = 1_000;

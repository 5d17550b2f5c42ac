import { parseJson } from '@linkbroker/protocol';
import { z } from 'zod';

const text = z.string().max(4_096);
const texts = z.array(text).max(100);

/**
 * What Amazon gives back of a skill's account linking: less than it was given (R129). Values are judged by the
 * comparison, and members that nobody has heard of are let through: Amazon may add some.
 * @see R129
 */
export const accountLinkingResponse = z.looseObject({
  type: text.exactOptional(),
  authorizationUrl: text.exactOptional(),
  domains: texts.exactOptional(),
  clientId: text.exactOptional(),
  scopes: texts.exactOptional(),
  accessTokenUrl: text.exactOptional(),
  accessTokenScheme: text.exactOptional(),
  defaultTokenExpirationInSeconds: z.number().exactOptional(),
  redirectUrls: texts.exactOptional(),
  authorizationUrlsByPlatform: z
    .array(z.looseObject({ platformType: text, platformAuthorizationUrl: text }))
    .max(10)
    .exactOptional(),
  voiceForwardAccountLinking: text.exactOptional(),
});
export type AccountLinkingResponse = z.infer<typeof accountLinkingResponse>;

/** Not what `ask smapi get-account-linking-info` prints. The message repeats nothing of the text: it may hold a secret. */
export class AccountLinkingUnreadable extends Error {
  override readonly name = 'AccountLinkingUnreadable';
}

const WRAPPERS = ['accountLinkingResponse', 'accountLinkingRequest'] as const;

/**
 * Reads what `ask smapi get-account-linking-info` printed, with or without its wrapper; also a body that was exported.
 * @throws AccountLinkingUnreadable
 */
export function readAccountLinkingResponse(json: string): AccountLinkingResponse {
  const value = parseJson(json);
  if (value === undefined) throw new AccountLinkingUnreadable('not JSON');
  const parsed = accountLinkingResponse.safeParse(unwrap(value));
  if (parsed.success) return parsed.data;
  const where = new Set(parsed.error.issues.map(({ path }) => String(path[0] ?? 'the whole')));
  throw new AccountLinkingUnreadable(`not what Amazon gives back, by the value of: ${[...where].join(', ')}`);
}

function unwrap(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const wrapper = WRAPPERS.find((name) => Object.hasOwn(value, name));
  return wrapper === undefined ? value : (value as Record<string, unknown>)[wrapper];
}

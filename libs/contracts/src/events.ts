import { z } from 'zod';

/** What a tenant's webhooks can be told. @see docs/events.md */
export const EVENT_TYPES = [
  'link.created',
  'link.at_risk',
  'link.dead',
  'link.revoked',
  'connector.misconfigured',
  'grant.replayed',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** The body of a webhook's request: ids and slugs, no token and nothing about a person. */
export const eventPayload = z.strictObject({
  type: z.enum(EVENT_TYPES),
  /** When it happened, ISO 8601. */
  timestamp: z.iso.datetime(),
  data: z.strictObject({
    tenant: z.string(),
    skill: z.string(),
    connector: z.string(),
    /** The link's id, which is `sub`; absent where the event is about a connector. */
    link: z.uuid().optional(),
    /** Of `grant.replayed`: which of the link's grants. */
    grant: z.uuid().optional(),
    /** Of `link.revoked` and `connector.misconfigured`. */
    reason: z.string().optional(),
  }),
});
export type EventPayload = z.infer<typeof eventPayload>;

const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;
const SECRET_BYTES = { min: 24, max: 64 };

/**
 * The key that a signing secret (`whsec_` and base64) stands for; undefined when it is none: not base64 as it is written
 * canonically, or not 24 to 64 octets.
 * @see Standard Webhooks, "Signature scheme"
 */
export function readSigningSecret(text: string): Buffer | undefined {
  const base64 = SECRET.exec(text)?.[1];
  const key = Buffer.from(base64 ?? '', 'base64');
  const canonical = base64 !== undefined && key.toString('base64') === base64;
  return canonical && key.length >= SECRET_BYTES.min && key.length <= SECRET_BYTES.max ? key : undefined;
}

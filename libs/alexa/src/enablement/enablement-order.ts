import { z } from 'zod';

export const ENABLEMENT_STAGES = ['development', 'live'] as const;
export type EnablementStage = (typeof ENABLEMENT_STAGES)[number];

const text = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[\x20-\x7E]+$/);
const redirectUri = z.url().max(2_000);
const stage = z.enum(ENABLEMENT_STAGES);

/** What a skill's server says before it sends a household to Amazon. */
export const enablementStart = z.strictObject({ redirectUri, state: text(1_024), stage });

/**
 * What it says when Amazon has sent the household back: Amazon's code, and whom the skill is to be linked with, by a link of
 * the broker or by a code that the broker has given its app.
 */
export const enablementOrder = z
  .strictObject({
    amazonCode: text(2_048),
    redirectUri,
    codeVerifier: text(128).optional(),
    stage,
    link: z.uuid().optional(),
    code: text(128).optional(),
  })
  .refine(({ link, code }) => (link === undefined) !== (code === undefined), {
    path: ['link'],
    message: 'needs link or code, not both',
  });
export type EnablementOrder = z.infer<typeof enablementOrder>;

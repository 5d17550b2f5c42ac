import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';

const credentials = z.object({ clientId: z.string().min(1), clientSecret: z.string().min(1) });

/** A skill that is known by redirect URIs alone: its vendor id stands at their end, as in all of Amazon's. */
function findVendorId(redirectUris: readonly string[]): string {
  const ids = redirectUris.map((uri) => /(?:\/skill\/link\/|[?&]vendorId=)([^/?#&]+)$/.exec(uri)?.[1]);
  return ids.find(Boolean) ?? 'MSIMULATOR';
}

const entrySchema = z.object({
  name: z.string().min(1),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  vendorId: z.string().nullish(),
  skillId: z.string().nullish(),
  scopes: z.array(z.string()),
  redirectUris: z.array(z.string()),
  /** The code grant where nothing is said. */
  grantTypes: z.array(z.string()).optional(),
  pkce: z.enum(['optional', 'required']),
  backend: credentials.nullish(),
  /** Present where *Send Alexa Events* is on. */
  events: credentials.extend({ region: z.enum(['na', 'eu', 'fe']), reciprocal: z.boolean().optional() }).nullish(),
});

export const skillSchema = entrySchema.transform((entry) => ({
  ...entry,
  vendorId: entry.vendorId || findVendorId(entry.redirectUris),
}));

/** What Amazon's developer console holds about one skill. */
export type Skill = z.infer<typeof skillSchema>;

/** Whether the developer console says *Implicit grant*: Alexa uses that only where there is no code grant (R2, R3). */
export const isImplicit = ({ grantTypes }: Skill): boolean =>
  grantTypes !== undefined && !grantTypes.includes('authorization_code');

/** A skills file that cannot be used; the message names the file and the place in it. */
export class SkillsFileError extends Error {}

/** @throws SkillsFileError */
export function parseSkills(text: string, file: string): readonly Skill[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new SkillsFileError(`${file} is not JSON`);
  }
  const parsed = z.array(skillSchema).safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new SkillsFileError(`${file}: ${issue?.path.join('.') || 'top level'}: ${issue?.message ?? 'invalid'}`);
}

interface Loaded {
  readonly stamp: string;
  readonly skills: readonly Skill[];
}

function load(file: string, known: Loaded | undefined): Loaded | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) return undefined;
  const stamp = `${stat.mtimeMs}:${stat.size}:${stat.ino}`;
  if (known?.stamp === stamp) return known;
  try {
    return { stamp, skills: parseSkills(readFileSync(file, 'utf8'), file) };
  } catch (error) {
    // Whoever writes the file may be half way through; the version before it is still right.
    if (known) return known;
    throw error;
  }
}

/**
 * Reads skills from files and again whenever one changes. A file that is not there yet counts as empty, because the
 * simulator may start before the first `apply`.
 * @throws SkillsFileError when a file is there and was never readable
 */
export function skillsFromFiles(files: readonly string[]): () => readonly Skill[] {
  const loaded = new Map<string, Loaded>();
  return () =>
    files.flatMap((file) => {
      const current = load(file, loaded.get(file));
      if (!current) {
        loaded.delete(file);
        return [];
      }
      loaded.set(file, current);
      return current.skills;
    });
}

import { doctorReport } from '@linkbroker/contracts';
import { z } from 'zod';

const MOST_CHARACTERS = 4_000;

const message = z.union([
  z.object({ progress: z.string() }),
  z.object({ failed: z.string() }),
  z.object({
    report: doctorReport,
    screenshot: z.base64().max(1_000_000).optional(),
    brokenRecipe: z.string().max(MOST_CHARACTERS).optional(),
  }),
]);

/** What the process of a run says. */
export type RunMessage = z.output<typeof message>;

/** Texts came from somebody else's server: no store holds a NUL or half a character, and nobody reads novels. */
function tidy(key: string, value: unknown): unknown {
  if (typeof value !== 'string' || key === 'screenshot') return value;
  return value.slice(0, MOST_CHARACTERS).replaceAll(/\p{Surrogate}|\0/gu, '');
}

/** Reads one line. Undefined for what is none of ours. */
export function readMessage(line: string): RunMessage | undefined {
  try {
    return message.safeParse(JSON.parse(line, tidy)).data;
  } catch {
    return undefined;
  }
}

import type { Target } from './target.js';

/** Shorter ones are words that stand in any sentence. */
const SHORTEST = 6;

/** Everything that must not be shown: it learns secrets as they come by, and takes them out of texts. */
export class Secrets {
  private readonly known = new Set<string>();

  learn(...values: readonly (string | undefined)[]): void {
    for (const value of values) {
      if (value === undefined || value.length < SHORTEST) continue;
      this.known.add(value);
      this.known.add(encodeURIComponent(value));
    }
  }

  /** The text with every known secret replaced, the longest first. */
  scrub(text: string): string {
    const longestFirst = [...this.known].sort((a, b) => b.length - a.length);
    return longestFirst.reduce((scrubbed, secret) => scrubbed.replaceAll(secret, '[secret]'), text);
  }
}

/** What of a target must not be shown. */
export function secretsOf({ clientSecret, otherClient, acceptGrant, login }: Target): readonly (string | undefined)[] {
  const own = [clientSecret, otherClient?.clientSecret, acceptGrant?.code];
  const headers = acceptGrant && 'headers' in acceptGrant ? Object.values(acceptGrant.headers ?? {}) : [];
  const handler = acceptGrant && 'command' in acceptGrant ? acceptGrant.command.slice(1) : [];
  const steps = 'steps' in login ? login.steps.map((step) => ('fill' in step ? step.value : undefined)) : [];
  const program = 'command' in login ? login.command.slice(1) : [];
  return [...own, ...headers, ...handler, ...steps, ...program];
}

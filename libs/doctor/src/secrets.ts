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

import type { Deadline } from '@linkbroker/contracts';

export interface ForgetForeignTokensNeeds {
  readonly now: () => Date;
  readonly importedLinks: {
    forgetForeignTokens(before: Date, limit: number, deadline: Deadline): Promise<number>;
  };
}

/** A token that comes past its end gets the same verdict either way; for a month it can be told which line it was of. */
const KEEP_MS = 30 * 24 * 60 * 60_000;
const BATCH = 5_000;
const MAX_BATCHES = 100;
const STATEMENT_MS = 10_000;

/** Forgets tokens of other servers that ended a month ago; how many. With the last of a skill's, nothing is looked up. */
export async function forgetForeignTokens(needs: ForgetForeignTokensNeeds): Promise<number> {
  const before = new Date(needs.now().getTime() - KEEP_MS);
  let forgotten = 0;
  for (let turn = 0; turn < MAX_BATCHES; turn += 1) {
    const gone = await needs.importedLinks.forgetForeignTokens(before, BATCH, performance.now() + STATEMENT_MS);
    forgotten += gone;
    if (gone < BATCH) break;
  }
  return forgotten;
}

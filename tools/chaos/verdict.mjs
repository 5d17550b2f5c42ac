/**
 * A process that is struck within this time after the upstream's answer left may not have written a byte of it anywhere.
 * With a database that cannot be written, the second durable place has to have it by then.
 */
export const unstoredMs = 1_000;
/** A process that stands still for less than a lease (30 s) loses nothing by it. */
const pastTheLeaseMs = 20_000;
const slackMs = 250;

/**
 * Why a refresh token came to the upstream a second time, after the first time had spent it. Pure.
 * @param {import('./upstream/ledger.mjs').Presentation[]} presentations of one token, oldest first
 * @param {import('./inject.mjs').Fate[]} fates
 * @returns {{ why: 'no-answer' | 'killed' | 'frozen' | 'unexplained', afterMs: number } | null} null when it was presented
 *   once. The first three are the windows that nobody can close: the upstream had taken the token, and its answer never
 *   came, or its reader was killed or stood still before it could write a byte
 */
export function explainRepeat(presentations, fates) {
  const [first, second] = presentations.filter(({ effect }) => effect !== 'untouched');
  if (!first || !second) return null;
  return { why: whyRepeated(first, second, fates), afterMs: second.at - first.at };
}

function whyRepeated(first, second, fates) {
  if (first.answer === 'reset' || first.answer === 'hang') return 'no-answer';
  const from = first.at - (first.owner === null ? unstoredMs : slackMs);
  const to = (first.answeredAt ?? first.at) + unstoredMs + slackMs;
  const own = fates.filter((fate) => fate.pid !== null && isOwner(fate, first));
  if (own.some((fate) => fate.what === 'killed' && fate.from >= from && fate.from <= to)) return 'killed';
  const frozen = own.filter((fate) => fate.what === 'frozen' && fate.from <= to && fate.to >= from);
  if (
    frozen.some((fate) =>
      own.some((other) => other.what === 'killed' && other.from >= fate.from && other.from <= fate.to + unstoredMs),
    )
  )
    return 'killed';
  return frozen.some((fate) => Math.min(fate.to, second.at) - fate.from >= pastTheLeaseMs) ? 'frozen' : 'unexplained';
}

/** Who was killed with a request on its way is not there any more when the upstream looks who sent it. */
function isOwner({ pid, what, from }, { owner, at }) {
  if (owner !== null) return pid === owner;
  return what === 'killed' && from >= at - unstoredMs && from <= at + slackMs;
}

/**
 * What the upstream's ledger says of a run. Pure.
 * @returns {{ repeats: object[], endedAt: Map<string, number>, rotations: number, explained: Set<string> }} repeats: of
 *   strict families; endedAt: when a household's sign-in ended; explained: households whose end nobody could prevent
 */
export function readLedger({ families, tokens }, fates) {
  const repeats = [];
  const recovered = [];
  let rotations = 0;
  for (const { family, presentations } of tokens) {
    rotations += presentations.filter(({ effect }) => effect === 'rotated').length;
    const repeat = explainRepeat(presentations, fates);
    if (!repeat) continue;
    const { user, style, deadAt } = families[family];
    if (style === 'strict' && presentations.some(({ effect }) => effect === 'reused'))
      repeats.push({ user, ...repeat });
    if (style === 'grace' && deadAt === null) recovered.push({ user, ...repeat });
  }
  const ended = families.filter(({ deadAt }) => deadAt !== null);
  return {
    ...{ repeats, recovered, rotations },
    endedAt: new Map(ended.map(({ user, deadAt }) => [user, deadAt])),
    explained: new Set(repeats.filter(({ why }) => why !== 'unexplained').map(({ user }) => user)),
  };
}

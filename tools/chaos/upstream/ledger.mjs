import { randomBytes, randomInt } from 'node:crypto';

/** Seconds an access token lives: few, so that something is always due, and not the same, so that not all of it is. */
const accessSeconds = () => randomInt(5, 16);
/** How long a spent refresh token may come again where the upstream is graceful. */
const graceMs = 300_000;

const random = (prefix) => prefix + randomBytes(24).toString('base64url');

/**
 * What an upstream gave out and what came back to it: the truth of a run. Refresh tokens are for one use. One that comes
 * again ends its family; a graceful upstream answers it with another successor for a while.
 *
 * @typedef {object} Presentation one arrival of a refresh token
 * @property {number} at milliseconds since 1970
 * @property {number | null} owner pid of who presented it
 * @property {'untouched' | 'rotated' | 'again' | 'reused' | 'dead'} effect
 * @property {'pending' | 'written' | 'gone' | 'reset' | 'hang'} answer what became of the answer
 * @property {number | null} answeredAt
 *
 * @typedef {object} Family what followed from one sign-in
 * @property {string} user @property {'strict' | 'grace'} style @property {number | null} deadAt
 * @property {string | null} killer the refresh token whose second arrival ended it
 */
export function createLedger() {
  const codes = new Map();
  const families = [];
  const refreshTokens = new Map();
  const accessTokens = new Map();

  const issue = (family) => {
    const refresh = random('rt_');
    const access = random('at_');
    const seconds = accessSeconds();
    refreshTokens.set(refresh, { value: refresh, family, spentAt: null, presentations: [] });
    accessTokens.set(access, { family, until: Date.now() + seconds * 1_000 });
    return {
      access_token: access,
      token_type: 'Bearer',
      expires_in: seconds,
      refresh_token: refresh,
      scope: 'devices',
    };
  };

  return {
    signIn(user, style) {
      const code = random('code_');
      codes.set(code, { user, style });
      return code;
    },
    /** @returns {object | null} the answer, or null for a code that is not good */
    redeem(code) {
      const signIn = codes.get(code);
      codes.delete(code);
      if (!signIn) return null;
      const family = { ...signIn, deadAt: null, killer: null };
      families.push(family);
      return issue(family);
    },
    /** Notes that a refresh token came; what is done about it is `refresh`. @returns {{ token: object, presentation: Presentation } | null} */
    present(value, owner) {
      const token = refreshTokens.get(value);
      if (!token) return null;
      const presentation = { at: Date.now(), owner, effect: 'untouched', answer: 'pending', answeredAt: null };
      token.presentations.push(presentation);
      return { token, presentation };
    },
    /** @returns {object | null} the answer, or null when the token is refused */
    refresh(token, presentation) {
      const { family } = token;
      const now = Date.now();
      presentation.effect = judge(token, now);
      if (presentation.effect === 'reused') Object.assign(family, { deadAt: now, killer: token.value });
      if (presentation.effect === 'reused' || presentation.effect === 'dead') return null;
      token.spentAt ??= now;
      return issue(family);
    },
    /** Whose living access token this is. @returns {string | null} */
    userOf(access) {
      const found = accessTokens.get(access);
      return found && found.family.deadAt === null && found.until > Date.now() ? found.family.user : null;
    },
    /** Everything that a verdict needs, without a token in it. */
    report() {
      const told = [...refreshTokens.values()].filter(({ presentations }) => presentations.length > 0);
      const place = new Map(families.map((family, index) => [family, index]));
      return {
        families: families.map(({ user, style, deadAt }, id) => ({ id, user, style, deadAt })),
        tokens: told.map(({ value, family, presentations }) => {
          return { family: place.get(family), presentations, killed: family.killer === value };
        }),
      };
    },
  };
}

function judge({ family, spentAt }, now) {
  if (family.deadAt !== null) return 'dead';
  if (spentAt === null) return 'rotated';
  return family.style === 'grace' && now - spentAt < graceMs ? 'again' : 'reused';
}

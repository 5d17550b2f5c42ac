/** Amazon waits no longer (R12). */
export const limitMs = 4_500;

/**
 * What an answer of the facade is worth. Pure.
 * @param {'refresh' | 'exchange' | 'userinfo'} what @param {{ status: number, headers: object, text: string }} answer
 * @returns {'ok' | 'unavailable' | 'cut' | 'verdict' | 'wrong'} verdict: `invalid_grant`, or a token that is refused;
 *   cut: no connection or no whole answer
 */
export function judgeAnswer(what, { status, headers, text }) {
  if (status === 0) return 'cut';
  const body = parse(text);
  if (status === 503) {
    const told = body?.error === 'temporarily_unavailable' && Number(headers['retry-after']) > 0;
    return told ? 'unavailable' : 'wrong';
  }
  if (status === 400 && body?.error === 'invalid_grant') return 'verdict';
  if (status === 401 && what === 'userinfo') return 'verdict';
  return status === 200 && body && isWhole[what](body) ? 'ok' : 'wrong';
}

/** What an answer says, without a token in it. */
export function describeAnswer({ status, text: body }) {
  const { error, link_state: state, ...others } = parse(body) ?? {};
  return [status, error, state, Object.keys(others).join(' ')].filter(Boolean).join(' ');
}

const text = (value) => typeof value === 'string' && value !== '';

const isWhole = {
  refresh: (body) =>
    text(body.access_token) && text(body.refresh_token) && body.token_type === 'Bearer' && body.expires_in >= 360,
  exchange: (body) => text(body.access_token) && text(body.issued_token_type) && body.expires_in >= 0,
  userinfo: (body) => text(body.sub),
};

function parse(value) {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

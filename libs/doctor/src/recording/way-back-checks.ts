import { isVendorId, REDIRECT_HOSTS } from '@linkbroker/alexa';
import { LONGEST_HEAD } from '../checks/pages.js';
import { compareState, LONGEST_CODE, STATE_REMEDY } from '../checks/way-back.js';
import { fail, notApplicable, NotTested, pass, warn, type Outcome } from '../check.js';
import { decode, readQuery, readReturn, type Returned } from '../return-address.js';
import type { Attempt, CameBack } from './find-attempt.js';
import { excludedForms } from './page-checks.js';
import type { RecordingCheck } from './recording-check.js';

const REGIONS: Readonly<Record<(typeof REDIRECT_HOSTS)[number], string>> = {
  'pitangui.amazon.com': 'North America',
  'layla.amazon.com': 'Europe',
  'alexa.amazon.co.jp': 'Japan and Australia',
};

/** Codes of RFC 6749 §4.1.2.1 and OpenID Connect; another text is not shown. */
const KNOWN_ERRORS =
  /^(invalid_request|unauthorized_client|access_denied|unsupported_response_type|invalid_scope|server_error|temporarily_unavailable|(interaction|login|consent|account_selection)_required)$/;

const isImplicit = ({ asked }: Attempt): boolean => asked.responseType === 'token';

function regionOf(address: string): string | undefined {
  const { hostname } = new URL(address);
  const host = REDIRECT_HOSTS.find((known) => known === hostname);
  return host && REGIONS[host];
}

function checkRedirectUri({ asked: { redirectUri } }: Attempt): Outcome {
  if (redirectUri === undefined || !URL.canParse(redirectUri)) throw new NotTested('the request names no redirect URI');
  const region = regionOf(redirectUri);
  if (region === undefined) return warn("not one of Alexa's: linking was not begun by Alexa");
  const { pathname, searchParams } = new URL(redirectUri);
  const vendorId = searchParams.get('vendorId') ?? pathname.split('/').at(-1) ?? '';
  return isVendorId(vendorId) ? pass(`that of ${region}`) : fail(`at the host of ${region}, without a vendor id`);
}

/** @throws NotTested when nobody came back */
function assertBack({ back }: Attempt): CameBack {
  if (back === undefined) throw new NotTested('the recording has no way back to Alexa (R57)');
  return back;
}

/** The parameters behind the redirect URI, whichever sign they stand behind. */
function tailOf({ asked: { redirectUri } }: Attempt, { address }: CameBack): ReadonlyMap<string, readonly string[]> {
  const tail = redirectUri !== undefined && address.startsWith(redirectUri) ? address.slice(redirectUri.length) : '';
  return readQuery(tail.replace('#', '&').replace(/^\?/, ''));
}

/** What the way back says. @throws NotTested */
function returnOf(attempt: Attempt): Returned {
  const back = assertBack(attempt);
  const { redirectUri } = attempt.asked;
  if (redirectUri === undefined) throw new NotTested('the request names no redirect URI');
  if (isImplicit(attempt)) throw new NotTested('the implicit grant has no code');
  return readReturn(back.address, redirectUri);
}

function judgeImplicit(attempt: Attempt, back: CameBack): Outcome {
  if (attempt.asked.redirectUri === undefined || !back.address.startsWith(attempt.asked.redirectUri)) {
    return fail('it is not the redirect URI of the request');
  }
  const error = tailOf(attempt, back).get('error')?.[0];
  return error === undefined ? pass(`to ${regionOf(back.address) ?? 'the redirect URI'}`) : fail(sayError(error));
}

const sayError = (error: string): string =>
  `it came back with ${KNOWN_ERRORS.test(error) ? error : 'an error that OAuth does not know'}`;

function judgeEnd(attempt: Attempt): Outcome {
  const { entries } = attempt;
  if (excludedForms(attempt).length > 0) throw new NotTested('a form may not lead on (R40)');
  const last = entries.findLast(({ isDocument }) => isDocument);
  if (last === undefined) return fail('the recording has no page of the sign-in');
  const status = last.status === 0 ? 'without an answer' : `with HTTP ${last.status}`;
  return fail(`the last page before the recording ends is of ${last.host}, ${status}: nobody came back to Alexa`);
}

function checkReturn(attempt: Attempt): Outcome {
  const { back } = attempt;
  if (back === undefined) return judgeEnd(attempt);
  if (back.status !== undefined && ![302, 303].includes(back.status)) return fail(`by HTTP ${back.status}`);
  if (isImplicit(attempt)) return judgeImplicit(attempt, back);
  const returned = returnOf(attempt);
  if (returned.kind === 'error') return fail(sayError(returned.error));
  if (returned.kind === 'code') return pass(`to ${regionOf(back.address) ?? 'the redirect URI'}, with a code`);
  const isElsewhere = !back.address.startsWith(attempt.asked.redirectUri ?? '');
  return fail(isElsewhere ? 'it is not the redirect URI of the request' : returned.says);
}

/** The state as it came back, undecoded. @throws NotTested where that cannot be seen */
function stateOf(attempt: Attempt): string | undefined {
  const back = assertBack(attempt);
  if (!back.address.startsWith(attempt.asked.redirectUri ?? '')) {
    throw new NotTested('it came back to another address (R57)');
  }
  if (isImplicit(attempt) && back.status === undefined && !back.address.includes('#')) {
    throw new NotTested('browsers leave the fragment out, and the recording has no redirect with it');
  }
  return tailOf(attempt, back).get('state')?.[0];
}

function checkState(attempt: Attempt): Outcome {
  const { state } = attempt.asked;
  if (state === undefined) throw new NotTested('the request has no state');
  const raw = stateOf(attempt) ?? '';
  const changed = compareState(state, decode(raw) || undefined);
  if (changed !== undefined) return fail(changed);
  const same = `${state.length.toLocaleString('en')} characters came back unchanged`;
  return raw.includes('+') ? warn(`${same}, but with a '+' that many read as a space: send %2B`) : pass(same);
}

function checkFragment(attempt: Attempt): Outcome {
  if (!isImplicit(attempt)) return notApplicable('the code grant');
  const back = assertBack(attempt);
  const [before = '', fragment] = back.address.split('#');
  const inQuery = readQuery(before.slice(attempt.asked.redirectUri?.length).replace(/^\?/, ''));
  if (inQuery.has('access_token')) return fail('the token stands in the query');
  if (fragment === undefined && back.status === undefined) throw new NotTested('browsers leave the fragment out');
  const there = readQuery(fragment ?? '');
  if (there.has('error') || inQuery.has('error')) throw new NotTested('an error came back (R57)');
  const missing = ['state', 'access_token', 'token_type'].filter((name) => !there.has(name));
  return missing.length === 0 ? pass('it does') : fail(`behind '#' there is no ${missing.join(', ')}`);
}

function checkAddress(attempt: Attempt): Outcome {
  const returned = returnOf(attempt);
  if (returned.kind !== 'code') throw new NotTested('no code (R57)');
  const says = `a code of ${returned.code.length} characters, an address of ${returned.octets} octets`;
  if (returned.octets > LONGEST_HEAD) return fail(says);
  return returned.code.length > LONGEST_CODE ? warn(says) : pass(says);
}

/** How a recorded sign-in went back to Alexa. */
export const RECORDED_WAY_BACK: readonly RecordingCheck[] = [
  {
    name: 'redirect-uri',
    rule: 'R21',
    title: "The redirect URI is one of Alexa's three",
    remedy: 'Begin in the Alexa app in a browser, on the page of the skill.',
    look: checkRedirectUri,
  },
  {
    name: 'return',
    rule: 'R57',
    title: 'The sign-in ends with a redirect to the redirect URI of the request',
    remedy: 'Redirect with 302 or 303 to the redirect URI of the request, with code and state in the query.',
    look: checkReturn,
  },
  {
    name: 'state',
    rule: 'R27',
    title: 'The state comes back unchanged',
    remedy: STATE_REMEDY,
    look: checkState,
  },
  {
    name: 'fragment',
    rule: 'R119',
    title: "State, token and token type of the implicit grant stand behind '#'",
    remedy: "Write '#' before the parameters; the redirect URI has a query already, which stays as it is.",
    look: checkFragment,
  },
  {
    name: 'size',
    rule: 'R46',
    title: 'Code and address of the redirect are short',
    remedy: 'Use random codes of 20 to 64 characters that refer to what is stored, not JWTs.',
    look: checkAddress,
  },
];

import { fail, NotTested, pass, warn, type Check, type Outcome } from '../check.js';
import type { Session } from '../session.js';
import type { SignInName } from '../sign-ins.js';
import { LONGEST_HEAD } from './pages.js';

/** Amazon gives no number (R46); codes of common servers have 20 to 64 characters. */
export const LONGEST_CODE = 128;

async function checkReturn(session: Session): Promise<Outcome> {
  const { returned, seen, status } = await session.signIn('plain');
  const wrongStatus = status !== undefined && ![302, 303].includes(status);
  if (returned.kind === 'code' && wrongStatus) return fail(`the redirect has HTTP ${status}`);
  if (returned.kind === 'code') return pass('code in the query of the redirect URI');
  if (seen?.otherHosts.length) throw new NotTested(`a page needed ${seen.otherHosts.join(', ')} (R52)`);
  if (seen?.blocked.length) throw new NotTested('a content security policy held up a form (R40)');
  return fail(returned.kind === 'error' ? `the sign-in was refused: ${returned.error}` : returned.says);
}

async function checkSize(session: Session): Promise<Outcome> {
  const { returned } = await session.signIn('plain');
  if (returned.kind !== 'code') throw new NotTested('no code (R57)');
  const says = `a code of ${returned.code.length} characters, an address of ${returned.octets} octets`;
  if (returned.octets > LONGEST_HEAD) return fail(says);
  return returned.code.length > LONGEST_CODE ? warn(says) : pass(says);
}

/** What became of a state; undefined when nothing did. */
export function compareState(sent: string, came: string | undefined): string | undefined {
  if (came === sent) return undefined;
  if (came === undefined) return 'the redirect carries no state, or one that is no UTF-8';
  if (came === sent.replaceAll('+', ' ')) return "it came back with spaces where '+' was";
  if (sent.startsWith(came)) return `it came back cut to ${came.length} of ${sent.length} characters`;
  return `it came back changed: ${came.length} characters instead of ${sent.length}`;
}

async function checkState(session: Session, name: SignInName): Promise<Outcome> {
  const { request, returned } = await session.signIn(name);
  if (returned.kind !== 'code') {
    const why = returned.kind === 'error' ? returned.error : returned.says;
    return fail(`the sign-in with this state brought no code: ${why}`);
  }
  const changed = compareState(request.state, returned.state);
  if (changed !== undefined) return fail(changed);
  const same = `${request.state.length.toLocaleString('en')} characters came back unchanged`;
  return returned.rawPlus ? warn(`${same}, but with a '+' that many read as a space: send %2B`) : pass(same);
}

/** No source says whether Alexa ever sends a '+' that is not encoded. It may come back either way. */
async function checkRawState(session: Session): Promise<Outcome> {
  const { request, returned } = await session.signIn('raw');
  if (returned.kind !== 'code') return warn('the sign-in with this state brought no code');
  const changed = compareState(request.state, returned.state);
  return changed === undefined ? pass('it came back unchanged') : warn(changed);
}

export const STATE_REMEDY =
  'Take the state from the raw query, decode %XX only, store all of it, and send it back percent-encoded.';

/** The way from the authorization page back to Alexa. */
export const WAY_BACK_CHECKS: readonly Check[] = [
  {
    name: 'return',
    rule: 'R57',
    title: 'The sign-in ends at the redirect URI with a code in the query',
    remedy: "Redirect with 302 or 303 to the redirect URI of the request, '?' before code and state.",
    run: checkReturn,
  },
  {
    name: 'size',
    rule: 'R46',
    title: 'Code and address of the redirect are short',
    remedy: 'Use random codes of 20 to 64 characters that refer to what is stored, not JWTs.',
    needs: ['return'],
    run: checkSize,
  },
  {
    name: 'state',
    rule: 'R27',
    title: 'The state comes back unchanged',
    remedy: STATE_REMEDY,
    needs: ['return'],
    run: (session) => checkState(session, 'plain'),
  },
  {
    name: 'state-long',
    rule: 'R28',
    title: 'A state of 2,048 characters comes back whole',
    remedy: 'Store states in a column without a length, and let no proxy cut addresses.',
    needs: ['state'],
    run: (session) => checkState(session, 'long'),
  },
  {
    name: 'state-signs',
    rule: 'R29',
    title: "A state with '+', '/' and '=' comes back unchanged",
    remedy: STATE_REMEDY,
    needs: ['state'],
    run: (session) => checkState(session, 'signs'),
  },
  {
    name: 'state-raw',
    rule: 'R29',
    title: "A state whose '+' is not percent-encoded comes back unchanged",
    remedy: STATE_REMEDY,
    needs: ['state-signs'],
    run: checkRawState,
  },
  {
    name: 'state-unicode',
    rule: 'R27',
    title: 'A state with octets beyond ASCII comes back unchanged',
    remedy: STATE_REMEDY,
    needs: ['state-signs'],
    run: (session) => checkState(session, 'unicode'),
  },
];

import { fail, NotTested, pass, warn, type Check, type Outcome } from '../check.js';
import type { Seen } from '../probes.js';
import type { Session } from '../session.js';

/** CSS pixels of the phone on which the pages were seen. */
export const PHONE_WIDTH = 390;

/** Octets of a request's head that common servers and proxies still read. */
export const LONGEST_HEAD = 8_000;

/** Browsers hold at least 4,096 octets for each cookie; all of them together should not be more than one. @see RFC 6265 §6.1 */
const AMPLE_COOKIES = 4_096;

/** @throws NotTested without a browser */
async function seenBy(session: Session): Promise<Seen> {
  const { seen } = await session.signIn('plain');
  if (seen === undefined) throw new NotTested('the login is a command: no browser saw the pages');
  return seen;
}

async function checkHosts(session: Session): Promise<Outcome> {
  const { otherHosts } = await seenBy(session);
  if (otherHosts.length === 0) return pass('the pages needed no host beyond the domain list');
  return fail(`to be added to the domain list: ${otherHosts.join(', ')}`);
}

async function checkWindows(session: Session): Promise<Outcome> {
  const { windows } = await seenBy(session);
  return windows.length === 0 ? pass('none was opened') : fail(windows.join(', '));
}

async function checkBlocked(session: Session): Promise<Outcome> {
  const { blocked } = await seenBy(session);
  if (blocked.length === 0) return pass('no form was held back');
  return fail(
    `form-action held up a form that was sent to ${blocked.join(', ')}: it counts the redirects after it too`,
  );
}

async function checkMixed(session: Session): Promise<Outcome> {
  const { insecure } = await seenBy(session);
  return insecure.length === 0 ? pass('nothing was') : fail(`plain http from ${insecure.join(', ')}`);
}

async function checkErrors(session: Session): Promise<Outcome> {
  const { errors } = await seenBy(session);
  return errors.length === 0 ? pass('there was none') : warn(errors.join(', '));
}

async function checkWidth(session: Session): Promise<Outcome> {
  const { width } = await seenBy(session);
  const says = `${width} pixels on a screen of ${PHONE_WIDTH}`;
  return width <= PHONE_WIDTH ? pass(says) : warn(`${says}: people have to push the page to and fro`);
}

/** Whether the cookies of one request leave room for everything else. */
export function judgeCookies(cookieOctets: number): Outcome {
  const says = `${cookieOctets.toLocaleString('en')} octets of cookies`;
  if (cookieOctets > LONGEST_HEAD) return fail(says);
  return cookieOctets > AMPLE_COOKIES ? warn(says) : pass(says);
}

export const FORM_ACTION_REMEDY =
  'Name every host of the way in form-action, those of all redirects and the three of Alexa too, or leave form-action out.';
export const COOKIE_REMEDY = 'Keep the state of a sign-in at the server, and an identifier in the cookie.';

/** What a browser saw of the pages while somebody signed in. */
export const PAGE_CHECKS: readonly Check[] = [
  {
    name: 'hosts',
    rule: 'R52',
    title: 'The pages need no host that is missing in the domain list',
    remedy: 'Add the hosts to the Domain List of the skill, and to domains of the target.',
    run: checkHosts,
  },
  {
    name: 'windows-opened',
    rule: 'R37',
    title: 'No page opens a window or a dialog while somebody signs in',
    remedy: 'Stay in one page, also for the sign-in at other companies: redirects instead of pop-ups.',
    run: checkWindows,
  },
  {
    name: 'form-action',
    rule: 'R40',
    title: 'No content security policy holds up the way back',
    remedy: FORM_ACTION_REMEDY,
    run: checkBlocked,
  },
  {
    name: 'mixed-content',
    rule: 'R48',
    title: 'Nothing on the https pages is asked for over plain http',
    remedy: 'Load images, styles and scripts by https addresses.',
    run: checkMixed,
  },
  {
    name: 'script-errors',
    rule: 'R36',
    title: 'No script of the pages ends in an error',
    remedy: "Open the page in a browser's developer tools; what is missing there is missing in the Alexa app.",
    run: checkErrors,
  },
  {
    name: 'page-width',
    rule: 'R36',
    title: 'The pages are not wider than a phone',
    remedy: 'Use widths relative to the screen; let long words and tables break.',
    run: checkWidth,
  },
  {
    name: 'cookies',
    rule: 'R46',
    title: 'The cookies of the pages are small',
    remedy: COOKIE_REMEDY,
    run: async (session) => judgeCookies((await seenBy(session)).cookieOctets),
  },
];

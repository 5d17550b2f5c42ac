import { ALEXA_LIMITS } from '@linkbroker/alexa';
import { COOKIE_REMEDY, FORM_ACTION_REMEDY, judgeCookies } from '../checks/pages.js';
import { fail, NotTested, pass, warn, type Outcome } from '../check.js';
import { isLoopback, type RecordingTarget } from '../target.js';
import type { Attempt } from './find-attempt.js';
import { allowsForm } from './form-action.js';
import { asHref, type Entry } from './read-recording.js';
import { tally, type RecordingCheck } from './recording-check.js';

/** Nobody says how long people wait for a page; longer than this is worth a look. */
const SLOW_MS = 10_000;

function checkHosts({ entries }: Attempt, { authorizeUrl, domains = [] }: RecordingTarget): Outcome {
  const listed = new Set(domains.map((domain) => domain.toLowerCase()));
  const own = new URL(authorizeUrl).hostname;
  const needed = [...new Set(entries.map(({ host }) => host))].filter((host) => host !== own).sort();
  const missing = needed.filter((host) => !listed.has(host));
  if (missing.length === 0) return pass(`${needed.length} hosts besides the server's own, all of them listed`);
  const whole = [...new Set([...listed, ...missing])];
  const tooMany =
    whole.length > ALEXA_LIMITS.maxDomains ? `; these are ${whole.length}, of ${ALEXA_LIMITS.maxDomains} (R54)` : '';
  return fail(`missing are ${missing.join(', ')}. The list to paste: ${whole.join(', ')}${tooMany}`);
}

/** Signs of a sign-in that opens a window of its own, in the queries of common services. */
const POPUP_SIGNS = /[?&](display=popup|ux_mode=popup|response_mode=web_message|redirect_uri=postmessage)(&|$)/;

/** Recorders that see more than one window name a page for each; one that comes again was open all the time. */
function openedBeside(documents: readonly Entry[]): boolean {
  const pages = documents.flatMap(({ page }) => page ?? []);
  const changes = pages.filter((page, index) => page !== pages[index - 1]);
  return new Set(changes).size < changes.length;
}

function checkWindows({ entries }: Attempt): Outcome {
  const popups = entries.filter(({ url }) => POPUP_SIGNS.test(url));
  if (popups.length > 0) return fail(`a sign-in in a window of its own at ${tally(popups.map(({ host }) => host))}`);
  const documents = entries.filter(({ isDocument }) => isDocument);
  if (openedBeside(documents)) return fail('more than one window was open at the same time');
  const shown = documents.filter(({ location }) => location === undefined).length;
  return pass(`${shown} pages, one after another`);
}

interface Led {
  readonly page: Entry;
  readonly to: string;
}

/** Where forms led, by redirects too: each address with the page that the form was on. */
function whereFormsLed({ entries }: Attempt): readonly Led[] {
  const led: Led[] = [];
  let page: Entry | undefined;
  let expected: string | undefined;
  for (const entry of entries.filter(({ isDocument }) => isDocument)) {
    const fromForm = entry.method !== 'GET' || asHref(entry.url) === expected;
    if (fromForm && page !== undefined) {
      const from = page;
      led.push(
        ...[entry.url, ...(entry.location === undefined ? [] : [entry.location])].map((to) => ({ page: from, to })),
      );
    }
    expected = fromForm && entry.location !== undefined ? asHref(entry.location) : undefined;
    if (entry.location === undefined && entry.status === 200) page = entry;
  }
  return led;
}

const webAddresses = (attempt: Attempt): readonly Led[] =>
  whereFormsLed(attempt).filter(({ to }) => /^https?:/i.test(to) && URL.canParse(to));

/** Forms that a policy of their page does not let go where they went. */
export function excludedForms(attempt: Attempt): readonly Led[] {
  return webAddresses(attempt).filter(({ page, to }) => !allowsForm(page.policies, page.url, to));
}

function checkFormAction(attempt: Attempt): Outcome {
  const [led, held] = [webAddresses(attempt), excludedForms(attempt)];
  if (held.length === 0) return pass(`${led.length} addresses to which forms led, none of them excluded`);
  const says = `form-action of a page at ${tally(held.map(({ page }) => page.host))} excludes ${tally(held.map(({ to }) => new URL(to).hostname))}`;
  return attempt.back === undefined ? fail(says) : warn(`${says}; this browser let it pass, others do not`);
}

function checkMixed({ entries }: Attempt, { authorizeUrl }: RecordingTarget): Outcome {
  if (isLoopback(authorizeUrl)) throw new NotTested('a loopback address');
  const plain = entries.filter(({ url }) => /^http:/i.test(url) && !isLoopback(url));
  return plain.length === 0 ? pass('nothing was') : fail(`plain http from ${tally(plain.map(({ host }) => host))}`);
}

function checkStatuses({ entries }: Attempt): Outcome {
  const wrong = entries.filter(({ status }) => status === 0 || status >= 400);
  if (wrong.length === 0) return pass(`${entries.length} answers`);
  return warn(tally(wrong.map(({ host, status }) => `${status === 0 ? 'no answer' : `HTTP ${status}`} from ${host}`)));
}

function checkTimes({ entries, back }: Attempt): Outcome {
  const [first] = entries;
  const slowest = entries.reduce<Entry | undefined>(
    (most, entry) => (entry.ms > (most?.ms ?? 0) ? entry : most),
    first,
  );
  if (first === undefined || slowest === undefined) throw new NotTested('no request');
  const end = back?.at ?? Math.max(...entries.map(({ at, ms }) => at + ms));
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  const says = `${seconds(end - first.at)} in all; the slowest answer took ${seconds(slowest.ms)}, of ${slowest.host}`;
  const isLate = end - first.at > ALEXA_LIMITS.linkAttemptTtl * 1_000;
  return isLate || slowest.ms > SLOW_MS ? warn(says) : pass(says);
}

function checkCookies({ entries }: Attempt): Outcome {
  const sizes = entries.flatMap(({ cookieOctets }) => cookieOctets ?? []);
  if (sizes.length === 0) throw new NotTested('the recording has no cookies: browsers leave them out unless asked');
  return judgeCookies(Math.max(...sizes));
}

/** What the pages of a recorded sign-in did. */
export const RECORDED_PAGES: readonly RecordingCheck[] = [
  {
    name: 'hosts',
    rule: 'R52',
    title: 'Every host of the way is in the domain list',
    remedy: 'Paste the list into the Domain List of the skill.',
    look: checkHosts,
  },
  {
    name: 'windows',
    rule: 'R37',
    title: 'The sign-in stays in one window',
    remedy: 'Stay in one page, also for the sign-in at other companies: redirects instead of pop-ups.',
    look: checkWindows,
  },
  {
    name: 'form-action',
    rule: 'R40',
    title: 'No content security policy excludes the way back',
    remedy: FORM_ACTION_REMEDY,
    look: checkFormAction,
  },
  {
    name: 'mixed-content',
    rule: 'R48',
    title: 'Nothing was asked for over plain http',
    remedy: 'Load pages, images, styles and scripts by https addresses.',
    look: checkMixed,
  },
  {
    name: 'statuses',
    rule: 'R36',
    title: 'Everything that the pages asked for was answered without an error',
    remedy: 'Look for these in the log of that host; a missing script can be the button that does nothing.',
    look: checkStatuses,
  },
  {
    name: 'times',
    rule: 'R31',
    title: "The sign-in is done before Alexa's state ends",
    remedy: 'Let people finish within an hour, also where they register first and confirm an address.',
    look: checkTimes,
  },
  {
    name: 'cookies',
    rule: 'R46',
    title: 'The cookies of the pages are small',
    remedy: COOKIE_REMEDY,
    look: checkCookies,
  },
];

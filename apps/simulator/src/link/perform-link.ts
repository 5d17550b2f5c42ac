import { createLinkedSkill, type LinkedSkill } from '../alexa/linked-skill.js';
import { takeFragment, takeReturn, type PendingLink, type Returned } from '../alexa/return.js';
import { startLink } from '../alexa/start-link.js';
import { redeemCode } from '../alexa/token-endpoint.js';
import { acceptGrant, handlerOf } from '../amazon/accept-grant.js';
import { bringReciprocalCode } from '../amazon/reciprocal.js';
import { isImplicit } from '../skills.js';
import type { SettledOptions } from './options.js';
import { PhoneBrowser } from './phone-browser.js';
import { Stuck, stuck } from './stuck.js';
import type { Transcript } from './transcript.js';
import { Walk, type Arrival } from './walk.js';

const isAmazon = (url: string): boolean => /(^|\.)amazon\.(com|co\.jp)$/.test(new URL(url).hostname);

function pickRedirectUri({ skill, redirectUri }: SettledOptions): string {
  const usual = `https://pitangui.amazon.com/${isImplicit(skill) ? 'spa' : 'api'}/`;
  const wanted = redirectUri ?? skill.redirectUris.find((uri) => uri.startsWith(usual));
  const found = wanted ?? skill.redirectUris[0];
  if (found === undefined) throw stuck('R21', 'the skill has no redirect URI');
  return found;
}

/** What a redirect has to be before its parameters count. */
function checkArrival({ arrived, page }: Arrival, { redirectUri, implicit }: PendingLink): void {
  if (page.status !== 302 && page.status !== 303) throw stuck('R57', `the redirect has HTTP ${page.status}`);
  const separator = implicit ? '#' : redirectUri.includes('?') ? '&' : '?';
  if (arrived.startsWith(`${redirectUri}${separator}`)) return;
  if (implicit && /^[?&]/.test(arrived.slice(redirectUri.length)))
    throw stuck('R119', 'the answer stands in the query');
  if (arrived.startsWith(`${redirectUri}#`)) throw stuck('R64', "the answer stands after '#'");
  if (arrived.startsWith(`${redirectUri}&`)) throw stuck('R64', "the answer follows '&' without a '?'");
  const target = new URL(arrived);
  throw stuck('R57', `the redirect goes to ${target.origin}${target.pathname}`);
}

function walkToAlexa(options: SettledOptions, transcript: Transcript, pending: PendingLink): Walk {
  const stopAt = (url: string) => isAmazon(url) || url.startsWith(pending.redirectUri);
  const { now, pageDeadlineMs: deadlineMs, user, password, connector, brokerUrl } = options;
  const browser = new PhoneBrowser({ now, stopAt, deadlineMs, onHop: (hop) => transcript.hop(hop) });
  return new Walk(browser, transcript, { user, password, connector }, brokerUrl);
}

/** What a token of which nobody says how long it lives counts as. */
const yearSeconds = 365 * 24 * 3600;

function judgeArrival(arrived: string, vendorId: string, pending: PendingLink, now: number): Returned {
  const known = new Map([[pending.state, pending]]);
  if (!pending.implicit) return takeReturn(arrived, vendorId, known, now);
  return takeFragment(arrived.slice(pending.redirectUri.length + 1), vendorId, known, now);
}

/**
 * The link itself: from the authorization page to the tokens that Alexa stores.
 * @throws Stuck, NoAnswer, TooManyRedirects
 */
export async function performLink(options: SettledOptions, transcript: Transcript): Promise<LinkedSkill> {
  const { skill, brokerUrl, now } = options;
  const redirectUri = pickRedirectUri(options);
  const { pending, authorizeUrl } = startLink(brokerUrl, skill, redirectUri, options, now());
  const how = pending.implicit
    ? 'implicit grant'
    : `${pending.scheme}, ${pending.codeVerifier ? 'PKCE S256' : 'no PKCE'}`;
  transcript.note(`redirect URI ${redirectUri}, ${how}`);

  transcript.step('The Alexa app opens the authorization page');
  const arrival = await walkToAlexa(options, transcript, pending).toAlexa(authorizeUrl);

  transcript.step('The household is back at Alexa');
  checkArrival(arrival, pending);
  const returned = judgeArrival(arrival.arrived, skill.vendorId, pending, now());
  if (returned.kind === 'refused') throw new Stuck(returned.finding);
  if (returned.kind === 'error') throw stuck('R58', `${returned.error} ${returned.description}`.trim());
  transcript.findings(returned.findings);
  if (returned.kind === 'token') {
    const { accessToken, expiresIn = yearSeconds } = returned;
    return createLinkedSkill(pending.scheme, { accessToken, refreshToken: undefined, expiresIn }, now());
  }

  transcript.step('Alexa redeems the code');
  const broker = { url: brokerUrl, deadlineMs: options.tokenDeadlineMs };
  const code = { code: returned.code, redirectUri, codeVerifier: pending.codeVerifier };
  const { exchange, verdict } = await redeemCode(broker, skill, pending.scheme, code);
  transcript.exchange(exchange);
  transcript.findings(verdict.findings);
  if (!verdict.tokens) throw new Stuck(undefined);
  await grantEvents(options, transcript, verdict.tokens.accessToken);
  await bringCode(options, transcript, verdict.tokens.accessToken);
  return createLinkedSkill(pending.scheme, verdict.tokens, now());
}

/** Where the skill has a reciprocal address. The link stands, whatever comes of it. @see R174 R177 */
async function bringCode(options: SettledOptions, transcript: Transcript, token: string): Promise<void> {
  const { skill, brokerUrl: url, tokenDeadlineMs: deadlineMs, issueEventCode } = options;
  if (!issueEventCode || !skill.events?.reciprocal) return;
  transcript.step('Alexa brings a code of Login with Amazon');
  const code = await issueEventCode();
  const { exchange, findings } = await bringReciprocalCode({ url, deadlineMs }, skill, { code, token });
  transcript.exchange(exchange);
  transcript.findings(findings);
}

/** With *Send Alexa Events* on, nothing is linked before AcceptGrant was accepted. @see R148 */
async function grantEvents(
  { skill, brokerUrl, issueEventCode }: SettledOptions,
  transcript: Transcript,
  token: string,
) {
  if (!issueEventCode || !skill.backend) return;
  transcript.step('Alexa hands the skill a grant for events');
  const code = await issueEventCode();
  const { accepted, exchange, findings } = await acceptGrant(handlerOf(brokerUrl, skill, skill.backend), {
    code,
    token,
  });
  transcript.exchange(exchange);
  transcript.findings(findings);
  if (!accepted) throw new Stuck(undefined);
}

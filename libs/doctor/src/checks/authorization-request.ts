import { isVendorId, REDIRECT_HOSTS, redirectUrisOf } from '@linkbroker/alexa';
import { open } from '../browse.js';
import { fail, notApplicable, NotTested, pass, warn, type Check, type Outcome } from '../check.js';
import { readReturn } from '../return-address.js';
import type { Session } from '../session.js';
import { buildAuthorizeUrl, buildRequest } from '../sign-ins.js';

/** Addresses that are almost the registered one. */
function wrongRedirectUris(redirectUri: string): readonly string[] {
  const url = new URL(redirectUri);
  const secure = url.protocol === 'https:';
  return [
    'https://doctor.invalid/',
    `${redirectUri}x`,
    `${redirectUri}/other`,
    ...(redirectUri.includes('?') ? [] : [`${redirectUri}?other=1`]),
    redirectUri.replace(/^https?/, secure ? 'http' : 'https'),
  ];
}

/** Whether an address is that redirect URI with an answer behind it, and not a longer one. */
const leadsTo = (location: string, wanted: string): boolean =>
  location === wanted || ['?', '#', '&'].some((sign) => location.startsWith(`${wanted}${sign}`));

/** Some servers ask who it is before they look at the request. What they do then is seen by signing in. */
async function afterSignIn(session: Session, url: string, isWrong: (location: string) => boolean): Promise<Outcome> {
  const done = await session.signInAt(url);
  if (done.kind === 'returned')
    return isWrong(done.url) ? fail('redirected after the sign-in') : pass('not sent there');
  if (done.kind === 'astray') return pass('a page first, and no redirect after the sign-in');
  return warn('a page without an error, and the login recipe does not fit what follows');
}

async function checkWrongRedirectUris(session: Session): Promise<Outcome> {
  const wrong = wrongRedirectUris(session.target.redirectUri);
  const asks: string[] = [];
  for (const redirectUri of wrong) {
    const url = buildAuthorizeUrl(session.target, { redirect_uri: redirectUri, state: 'doctor' });
    const { answer, locations } = await open(session, url);
    if (locations.some((location) => leadsTo(location, redirectUri))) return fail(`redirected to ${redirectUri}`);
    if (answer.status < 400) asks.push(redirectUri);
  }
  const tried = asks.filter((redirectUri) => redirectUri.startsWith(session.target.redirectUri));
  if (asks.length === 0) return pass(`${wrong.length} almost right addresses were refused on a page`);
  let outcome = warn(`a page without an error for ${asks.join(', ')}`);
  for (const redirectUri of tried) {
    const url = buildAuthorizeUrl(session.target, { redirect_uri: redirectUri, state: 'doctor' });
    outcome = await afterSignIn(session, url, (location) => leadsTo(location, redirectUri));
    if (outcome.status !== 'pass') return outcome;
  }
  return outcome;
}

async function checkUnknownClient(session: Session): Promise<Outcome> {
  const { redirectUri } = session.target;
  const url = buildAuthorizeUrl(session.target, { client_id: 'doctor-unknown-client', state: 'doctor' });
  const { answer, locations } = await open(session, url);
  if (locations.some((location) => location.startsWith(redirectUri))) return fail('an unknown client was redirected');
  if (answer.status >= 400) return pass(`HTTP ${answer.status} on a page`);
  return afterSignIn(session, url, (location) => location.startsWith(redirectUri));
}

async function checkRegions(session: Session): Promise<Outcome> {
  const { redirectUri } = session.target;
  const { hostname, pathname } = new URL(redirectUri);
  const vendorId = pathname.split('/').at(-1) ?? '';
  if (!REDIRECT_HOSTS.some((host) => host === hostname)) return notApplicable("not an address of Alexa's");
  if (!isVendorId(vendorId)) throw new NotTested('no vendor id (R21)');
  const refused: string[] = [];
  for (const uri of [redirectUri, ...redirectUrisOf(vendorId).filter((other) => other !== redirectUri)]) {
    const url = buildAuthorizeUrl(session.target, { redirect_uri: uri, state: 'doctor' });
    const { answer, locations } = await open(session, url);
    const back = locations.some((location) => location.startsWith(uri));
    if (answer.status >= 400 && !back) refused.push(new URL(uri).hostname);
  }
  if (refused.includes(hostname)) throw new NotTested("the target's own redirect URI is refused");
  return refused.length === 0 ? pass('all three are accepted') : fail(`refused: ${refused.join(', ')}`);
}

async function checkRefusal(session: Session): Promise<Outcome> {
  const state = `doctor${buildRequest(session.target, 'plain').state}`;
  const url = buildAuthorizeUrl(session.target, { response_type: 'doctor', state });
  const { answer, locations } = await open(session, url);
  const back = locations.find((location) => location.startsWith(session.target.redirectUri));
  if (back === undefined) {
    return warn(`an impossible request ended with HTTP ${answer.status} on a page, not at Alexa`);
  }
  const returned = readReturn(back, session.target.redirectUri);
  // RFC 6749 says where errors of known response types stand, and Alexa asks for no other.
  if (new URLSearchParams(new URL(back).hash.slice(1)).has('error')) return warn('an error behind #, not in the query');
  if (returned.kind !== 'error') return fail(returned.kind === 'wrong' ? returned.says : 'it brought a code');
  return returned.state === state
    ? pass(`${returned.error} with the same state`)
    : fail('error without the same state');
}

async function openPage(session: Session): Promise<string> {
  const { answer, locations } = await open(session, buildRequest(session.target, 'plain').url);
  if (locations.some((location) => location.startsWith(session.target.redirectUri))) {
    throw new NotTested('the server redirects without showing a page');
  }
  if (answer.status >= 300) throw new NotTested(`HTTP ${answer.status} instead of a page`);
  return answer.body;
}

async function checkPhone(session: Session): Promise<Outcome> {
  const page = await openPage(session);
  if (/<meta[^>]+name\s*=\s*["']?viewport/i.test(page)) return pass('the first page has a viewport');
  return fail('the first page has no viewport: a phone shows it as a small copy of a desktop page');
}

async function checkWindows(session: Session): Promise<Outcome> {
  const page = await openPage(session);
  const found = [
    [/\btarget\s*=\s*["']?_blank/i, 'target=_blank'],
    [/\bwindow\.open\s*\(/, 'window.open'],
    [/(?<![\w.])(window\.)?(alert|confirm|prompt)\s*\(/, 'a script dialog'],
  ] as const;
  const seen = found.filter(([pattern]) => pattern.test(page)).map(([, what]) => what);
  return seen.length === 0 ? pass('the first page has neither') : fail(`the first page has ${seen.join(', ')}`);
}

/** What the authorization endpoint does before anybody signs in. */
export const AUTHORIZATION_CHECKS: readonly Check[] = [
  {
    name: 'wrong-redirect-uri',
    rule: 'R23',
    title: 'Nobody is redirected to an address that is only similar to the registered one',
    remedy: 'Compare the redirect URI byte for byte with the registered ones, and show a page when it is none of them.',
    run: checkWrongRedirectUris,
  },
  {
    name: 'unknown-client',
    rule: 'R23',
    title: 'Nobody is redirected for a client that does not exist',
    remedy: 'Show a page when the client id is not known.',
    run: checkUnknownClient,
  },
  {
    name: 'regions',
    rule: 'R22',
    title: 'The redirect URIs of all three regions are accepted',
    remedy: 'Register the addresses on pitangui.amazon.com, layla.amazon.com and alexa.amazon.co.jp.',
    run: checkRegions,
  },
  {
    name: 'refusal',
    rule: 'R58',
    title: 'A request that cannot be served goes back to Alexa with error and state',
    remedy:
      'Redirect to the redirect URI with error and the unchanged state, unless client or redirect URI are unknown.',
    run: checkRefusal,
  },
  {
    name: 'phone-page',
    rule: 'R36',
    title: 'The first page is made for a phone',
    remedy: 'Add <meta name="viewport" content="width=device-width"> and a layout that fits 320 pixels.',
    run: checkPhone,
  },
  {
    name: 'windows',
    rule: 'R37',
    title: 'The first page opens no windows and no dialogs',
    remedy: 'Stay in one page: no target=_blank, window.open, alert, confirm or prompt; show errors in the page.',
    run: checkWindows,
  },
];

/** Longer than any browser's; what is beyond is not looked at. */
const LONGEST = 1_024;

const EMBEDDED: readonly RegExp[] = [
  // Android's WebView says so since version 5.
  /; wv\)/,
  // Apple's web view says what Safari says, without the word. An iPad may call itself a Macintosh.
  /\((?:iPhone|iPad|iPod|Macintosh)\b[^)]*\) AppleWebKit\/(?!.*\bSafari\b)/,
  // The Alexa app's own (R34).
  /\b(?:AmazonWebView|PitanguiBridge)\//,
  // Apps that show pages in a web view and, on some systems, keep the word Safari.
  /\b(?:FBAN|FBAV|FB_IAB|Line|Snapchat|MicroMessenger)\/|\b(?:Instagram|KAKAOTALK)[ /]|\bNAVER\(inapp/,
];

/**
 * Whether a page is looked at inside an app, where some providers refuse to let anybody sign in. A user agent is a
 * hint and no proof: what follows from it may explain, and must not lock anybody out.
 * @see R34, R39
 */
export function isEmbeddedWebView(userAgent: string | undefined): boolean {
  const agent = (userAgent ?? '').slice(0, LONGEST);
  return EMBEDDED.some((shape) => shape.test(agent));
}

/** What Amazon's support asks for: where a household tried to link. */
export type Platform = 'Android' | 'iOS' | 'browser' | 'unknown';

/** The platform a user agent names; a hint, like everything in it. */
export function platformOf(userAgent: string | undefined): Platform {
  const agent = (userAgent ?? '').slice(0, LONGEST);
  if (/\bAndroid\b/.test(agent)) return 'Android';
  if (/\b(?:iPhone|iPad|iPod)\b/.test(agent)) return 'iOS';
  return /^Mozilla\/5\.0 \(/.test(agent) ? 'browser' : 'unknown';
}

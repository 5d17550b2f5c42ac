import { ALEXA_LIMITS } from '../limits.js';
import type { AccountLinkingRequest } from './account-linking-request.js';
import type { accountLinkingResponse, AccountLinkingResponse } from './account-linking-response.js';

/** One thing in which Amazon's side is not what it should be. */
export interface Difference {
  readonly field: string;
  /** Whether linking fails by it, or does something else than was meant. */
  readonly matters: boolean;
  /** What stands there, what should, and why it matters or not. Printable ASCII and typographic marks only. */
  readonly text: string;
}

/** What Amazon does not give back, and what to do about it instead. @see R129 R26 R138 */
export const NOT_READ_BACK = [
  { field: 'clientSecret', advice: 'not given back (R129): where a link fails at its very end, set it again' },
  { field: 'skipOnEnablement', advice: 'not given back (R129): look at it in the console' },
  { field: 'reciprocalAccessTokenUrl', advice: 'not given back (R129): look at it in the console' },
  { field: 'PKCE', advice: 'the API has no field for it (R138): look at it in the console' },
  { field: 'Alexa Redirect URLs', advice: 'shown in the console only (R26): compare them with redirectUris' },
] as const;

type Look = (expected: AccountLinkingRequest, actual: AccountLinkingResponse) => readonly Difference[];
type Field = keyof typeof accountLinkingResponse.shape;

/**
 * How Amazon's side differs from what the broker's configuration makes of a skill; empty where it does not. The order of
 * scopes and hosts is nobody's business. What Amazon does not give back is not looked at.
 * @see R129
 */
export function compareAccountLinking(
  expected: AccountLinkingRequest,
  actual: AccountLinkingResponse,
): readonly Difference[] {
  const ignored = new Set<string>([...Object.keys(LOOKS), ...NOT_READ_BACK.map(({ field }) => field)]);
  const unknown = Object.keys(actual).filter((name) => !ignored.has(name));
  return [
    ...Object.values(LOOKS).flatMap((look) => look(expected, actual)),
    ...unknown.map((name) => harmless(show(name), 'a member that this version does not know')),
  ];
}

const matters = (field: string, text: string): Difference => ({ field, matters: true, text });
const harmless = (field: string, text: string): Difference => ({ field, matters: false, text });

/** For a terminal: quoted, in ASCII, bounded. */
function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value).replace(
    /[^\x20-\x7E]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

const instead = (actual: unknown, expected: unknown): string => `${show(actual)} instead of ${show(expected)}`;

/** A value that has to be there to the letter. */
const exactly =
  (field: Field, why: string): Look =>
  (expected, actual) => {
    if (expected[field] === actual[field]) return [];
    const text = `${instead(actual[field], expected[field])}: ${why}`;
    return [expected[field] === undefined ? harmless(field, text) : matters(field, text)];
  };

const SCHEMES: readonly (string | undefined)[] = ['HTTP_BASIC', 'REQUEST_BODY_CREDENTIALS'];

const scheme: Look = ({ accessTokenScheme: expected }, { accessTokenScheme: actual }) => {
  if (expected === actual) return [];
  const text = instead(actual, expected);
  if (expected === undefined || SCHEMES.includes(actual)) {
    return [harmless('accessTokenScheme', `${text}: the broker takes both`)];
  }
  return [matters('accessTokenScheme', `${text}: the code grant needs one of the two (R132)`)];
};

const lifetime: Look = ({ defaultTokenExpirationInSeconds: expected }, { defaultTokenExpirationInSeconds: actual }) => {
  if (expected === actual) return [];
  const text = instead(actual, expected);
  if (expected === undefined) return [harmless('defaultTokenExpirationInSeconds', `${text}: counts for codes (R122)`)];
  const tooShort = actual !== undefined && !(actual >= ALEXA_LIMITS.minAccessTokenTtl);
  if (tooShort) return [matters('defaultTokenExpirationInSeconds', `${text}: 360 at least (R81)`)];
  return [harmless('defaultTokenExpirationInSeconds', `${text}: what the broker answers wins over it (R82)`)];
};

const missingFrom = (there: readonly string[], wanted: readonly string[]): readonly string[] =>
  wanted.filter((value) => !there.includes(value));

const scopes: Look = ({ scopes: expected }, { scopes: actual = [] }) => [
  ...missingFrom(actual, expected).map((scope) =>
    matters('scopes', `${show(scope)} is missing: Alexa does not ask for it`),
  ),
  ...missingFrom(expected, actual).map((scope) =>
    matters('scopes', `${show(scope)} is not the skill's: the broker refuses a request for it`),
  ),
];

/** The host of the authorization address is implied (R52). */
const domains: Look = ({ domains: expected, authorizationUrl }, { domains: listed = [] }) => {
  const actual = listed.map((host) => host.toLowerCase());
  const own = URL.parse(authorizationUrl)?.hostname;
  return [
    ...missingFrom(actual, expected).map((host) =>
      host === own
        ? harmless('domains', `${show(host)} is missing: the authorization address implies it (R52)`)
        : matters('domains', `${show(host)} is missing: the sign-in there stays blank (R52, R55)`),
    ),
    ...missingFrom(expected, actual).map((host) =>
      harmless('domains', `${show(host)} is there too: the broker leads nobody to it`),
    ),
  ];
};

/** Addresses by which the apps of a skill's maker take part. */
const redirectUrls: Look = ({ redirectUrls: expected = [] }, { redirectUrls: actual = [] }) => [
  ...missingFrom(actual, expected).map((url) =>
    matters('redirectUrls', `${show(url)} is missing: linking cannot start from there (R188)`),
  ),
  ...missingFrom(expected, actual).map((url) =>
    harmless('redirectUrls', `${show(url)} is there too: an app from which linking starts`),
  ),
];

const platforms: Look = (
  { authorizationUrlsByPlatform: expected = [], authorizationUrl },
  { authorizationUrlsByPlatform: actual = [] },
) => {
  const words = (list: typeof actual): readonly string[] =>
    list
      .filter(({ platformAuthorizationUrl }) => platformAuthorizationUrl !== authorizationUrl)
      .map(({ platformType, platformAuthorizationUrl }) => `${platformType} ${platformAuthorizationUrl}`);
  const [wanted, there] = [words(expected), words(actual)];
  const field = 'authorizationUrlsByPlatform';
  return [
    ...missingFrom(there, wanted).map((one) => matters(field, `${show(one)} is missing`)),
    ...missingFrom(wanted, there).map((one) =>
      matters(field, `${show(one)} is there: on that platform it leads past the broker (R179)`),
    ),
  ];
};

/** Off is what it is when nobody has said anything. */
const voice: Look = ({ voiceForwardAccountLinking: expected = 'DISABLED' }, actual) => {
  const there = actual.voiceForwardAccountLinking ?? 'DISABLED';
  if (there === expected) return [];
  const text = `${instead(there, expected)}: works with Login with Amazon only (R196)`;
  return [harmless('voiceForwardAccountLinking', text)];
};

/** One for each member that Amazon gives back. */
const LOOKS: Readonly<Record<Field, Look>> = {
  type: exactly('type', 'another grant than the broker has for the skill'),
  authorizationUrl: exactly('authorizationUrl', 'households are sent elsewhere'),
  accessTokenUrl: exactly('accessTokenUrl', 'codes and refresh tokens are sent elsewhere'),
  clientId: exactly('clientId', 'the broker knows no such client of this skill'),
  accessTokenScheme: scheme,
  defaultTokenExpirationInSeconds: lifetime,
  scopes,
  domains,
  redirectUrls,
  authorizationUrlsByPlatform: platforms,
  voiceForwardAccountLinking: voice,
};

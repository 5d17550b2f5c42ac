import type { FoundCause } from '../causes/cause.js';
import type { Platform } from '../web-view.js';

/** The regions in which a household's Amazon account may be. */
export type Region = 'NA' | 'EU' | 'FE';

/** Everything about a failed link that Amazon's support asks for. Null is what nobody but the writer can know. */
export interface SupportFacts {
  readonly skillName: string;
  /** `amzn1.ask.skill.…`. */
  readonly skillId: string | null;
  readonly at: Date | null;
  readonly region: Region | null;
  readonly platform: Platform;
  /** Of the Alexa app, where its web view said it. */
  readonly appVersion: string | null;
  readonly authorizationUrl: string;
  readonly accessTokenUrl: string;
  readonly domains: readonly string[];
  readonly implicit: boolean;
  readonly causes: readonly FoundCause[];
  /** What the household was shown. */
  readonly reference: string | null;
}

const REGIONS: Readonly<Record<Region, { readonly name: string; readonly webApp: string }>> = {
  NA: { name: 'North America (NA)', webApp: 'https://alexa.amazon.com' },
  EU: { name: 'Europe and India (EU)', webApp: 'https://alexa.amazon.co.uk, or https://alexa.amazon.de' },
  FE: { name: 'Japan and Australia (Far East)', webApp: 'https://alexa.amazon.co.jp' },
};

const HOSTS: Readonly<Record<string, Region>> = {
  'pitangui.amazon.com': 'NA',
  'layla.amazon.com': 'EU',
  'alexa.amazon.co.jp': 'FE',
};

/** The region whose Alexa wanted the household back at this address; null for any other address. @see R21, R22 */
export function regionOf(redirectUri: string): Region | null {
  return HOSTS[URL.parse(redirectUri)?.hostname ?? ''] ?? null;
}

/** The version that the Alexa app's web view names. @see R34 */
export function appVersionOf(userAgent: string): string | null {
  return /\bAmazon Alexa\/(\d[\d.]{0,30})/.exec(userAgent.slice(0, 1_024))?.[1] ?? null;
}

const gap = (what: string): string => `[PLEASE FILL IN: ${what}]`;

/**
 * The text of a contact case about account linking, with every point Amazon asks for at the end of its guide: what is known
 * is filled in, what is not is marked, and no secret and nothing from `state` is in it.
 */
export function supportCase(facts: SupportFacts): string {
  const { region } = facts;
  return [
    `Account linking fails: ${facts.skillName}`,
    '',
    ...numbered([
      ['Skill ID', facts.skillId ?? gap('amzn1.ask.skill.…, from the developer console')],
      [
        'Test credentials for the linking page',
        `${gap('user name and password of a test account of your own service')}\n   Never give the password of an Amazon account, neither a developer’s nor a customer’s.`,
      ],
      [
        'Customer ID of the account that failed',
        gap('ask the customer for it: Alexa app, More, Settings; it is not read from Alexa’s state'),
      ],
      ['Date and time', facts.at ? `${facts.at.toISOString()} (UTC)` : gap('exact date and time with time zone')],
      ['Region', region ? REGIONS[region].name : gap('NA, EU or Far East, where the Amazon account is')],
      ['Device and platform', facts.platform === 'unknown' ? gap('Android, iOS or browser') : facts.platform],
      ['Version of the Alexa app', facts.appVersion ?? gap('Alexa app, More, Settings, About; or "browser"')],
      ['What is seen (keep one)', WHAT_IS_SEEN],
    ]),
    '',
    'Configuration (developer console, Account Linking)',
    `   Authorization URL:    ${facts.authorizationUrl}`,
    `   Access token URL:     ${facts.accessTokenUrl}`,
    `   Domain List:          ${facts.domains.length > 0 ? facts.domains.join(', ') : gap('the domains in the console')}`,
    `   Account linking type: ${facts.implicit ? 'Implicit Grant' : 'Authorization Code Grant'}`,
    '',
    ...found(facts),
    `Before sending: try once more in the Alexa app of the region in a browser, with its developer tools open: ${
      region
        ? REGIONS[region].webApp
        : Object.values(REGIONS)
            .map(({ webApp }) => webApp)
            .join(', ')
    }.`,
    'Record the network as HAR and let the doctor read it: npm run doctor -- --target FILE --har FILE.',
    '',
  ].join('\n');
}

const WHAT_IS_SEEN = [
  '',
  '   - an empty page',
  '   - the page "We were unable to link …", or "Linking unsuccessful"',
  '   - a button on the page that does nothing',
  `   Screenshot: ${gap('attach it; at most two files, 512 KB each')}`,
].join('\n');

function numbered(points: readonly (readonly [string, string])[]): string[] {
  return points.map(([title, text], index) => `${String(index + 1)}. ${title}: ${text}`);
}

function found({ causes, reference }: SupportFacts): string[] {
  const grave = causes.filter(({ severity }) => severity !== 'note');
  const lines = (grave.length > 0 ? grave : causes).map(
    ({ at, title, evidence, rules }) => `   ${at.toISOString()}  ${title}: ${evidence} (${rules.join(', ')})`,
  );
  const what = lines.length > 0 ? lines : ['   nothing that explains it'];
  return [`What our server saw${reference === null ? '' : ` (reference ${reference})`}`, ...what, ''];
}

import { accountLinkingBody, type AccountLinkingBody, type AccountLinkingRequest } from './account-linking-request.js';
import { buildDomainList, type LeftOutHost } from './domain-list.js';

/** What the broker knows of a skill that Amazon has to know. */
export interface SkillToLink {
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** As RFC 6749 names them. */
  readonly grantTypes: readonly string[];
  /** Seconds. */
  readonly accessTokenTtl: number;
  /** Hosts that households pass while they sign in, the most needed first. */
  readonly loginHosts: readonly string[];
  /** How apps of the skill's maker take part. @see R179 R188 */
  readonly appToApp?: AppToApp | null | undefined;
  /** Whether Alexa brings tokens of Login with Amazon by itself. @see R174 */
  readonly reciprocal?: boolean | undefined;
}

interface AppToApp {
  readonly authorizationUrlsByPlatform: readonly { readonly platform: 'iOS' | 'Android'; readonly url: string }[];
  readonly redirectUrls: readonly string[];
}

export interface AccountLinkingOptions {
  /** The broker's public address, without a slash at its end. */
  readonly publicUrl: string;
  readonly clientSecret: string;
  /** Whether the skill can be enabled without linking. @see R141 */
  readonly skipOnEnablement: boolean;
}

export interface AccountLinking {
  readonly body: AccountLinkingBody;
  /** Hosts that the Domain List should have and cannot. */
  readonly leftOut: readonly LeftOutHost[];
}

/** Amazon would not take it, or Alexa could not use it. No value is repeated. */
export class AccountLinkingRefused extends Error {
  override readonly name = 'AccountLinkingRefused';
}

/** Nothing that an encoding changes. @see R67 */
const PLAIN = /^[A-Za-z0-9._~-]+$/;

/**
 * The body by which Amazon's Skill Management API learns of a skill's account linking.
 * @throws AccountLinkingRefused naming every member that is wrong
 * @see R125 R126 R132
 */
export function buildAccountLinking(skill: SkillToLink, options: AccountLinkingOptions): AccountLinking {
  const { publicUrl } = options;
  const { domains, leftOut } = buildDomainList(URL.parse(publicUrl)?.hostname ?? '', skill.loginHosts);
  const request = {
    ...grantOf(skill, options),
    ...appsOf(skill),
    authorizationUrl: `${publicUrl}/oauth/authorize`,
    clientId: skill.clientId,
    scopes: [...new Set(skill.scopes)],
    domains,
    ...(skill.reciprocal && { reciprocalAccessTokenUrl: reciprocalUrlOf(publicUrl, skill.clientId) }),
    skipOnEnablement: options.skipOnEnablement,
  };
  const parsed = accountLinkingBody.safeParse({ accountLinkingRequest: request });
  if (parsed.success) return { body: parsed.data, leftOut };
  const problems = parsed.error.issues.map(({ path, message }) => `${path.slice(1).join('.')}: ${message}`);
  throw new AccountLinkingRefused([...new Set(problems)].join('\n'));
}

/** Where Alexa brings a code of Login with Amazon for one skill. @see R174 */
export const reciprocalUrlOf = (publicUrl: string, clientId: string): string =>
  `${publicUrl}/alexa/${encodeURIComponent(clientId)}/reciprocal`;

/** Amazon is told of no lists that are empty: it has none by itself. @see R127 R188 */
function appsOf({ appToApp }: SkillToLink): Partial<AccountLinkingRequest> {
  const { authorizationUrlsByPlatform: byPlatform = [], redirectUrls = [] } = appToApp ?? {};
  const platforms = byPlatform.map(({ platform, url }) => ({ platformType: platform, platformAuthorizationUrl: url }));
  return {
    ...(platforms.length > 0 && { authorizationUrlsByPlatform: platforms }),
    ...(redirectUrls.length > 0 && { redirectUrls: [...redirectUrls] }),
  };
}

type Grant = Pick<
  AccountLinkingRequest,
  'type' | 'accessTokenUrl' | 'clientSecret' | 'accessTokenScheme' | 'defaultTokenExpirationInSeconds'
>;

/** The code grant wherever the skill has it; what belongs to it is not told of the other. @see R2 R3 R122 */
function grantOf(skill: SkillToLink, { publicUrl, clientSecret }: AccountLinkingOptions): Grant {
  const { clientId, grantTypes, accessTokenTtl } = skill;
  if (!grantTypes.includes('authorization_code')) return { type: 'IMPLICIT' };
  return {
    type: 'AUTH_CODE',
    defaultTokenExpirationInSeconds: accessTokenTtl,
    accessTokenUrl: `${publicUrl}/oauth/token`,
    clientSecret,
    // The broker takes both; where Basic could be read in two ways, the body cannot (R67).
    accessTokenScheme: PLAIN.test(clientId) ? 'HTTP_BASIC' : 'REQUEST_BODY_CREDENTIALS',
  };
}

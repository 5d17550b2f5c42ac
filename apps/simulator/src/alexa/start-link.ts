import { isImplicit, type Skill } from '../skills.js';
import { buildAuthorizeUrl, createCodeVerifier } from './authorize-url.js';
import type { AccessTokenScheme, PendingLink } from './return.js';
import { createState } from './state.js';

export interface LinkOptions {
  /** Sends PKCE although the skill does not require it. */
  readonly pkce?: boolean | undefined;
  readonly scheme?: AccessTokenScheme | undefined;
  readonly rawState?: boolean | undefined;
}

export interface StartedLink {
  readonly pending: PendingLink;
  /** Where the Alexa app goes. */
  readonly authorizeUrl: string;
}

/** What happens when the household taps "Enable to use". */
export function startLink(
  brokerUrl: string,
  skill: Skill,
  redirectUri: string,
  options: LinkOptions,
  now: number,
): StartedLink {
  const skillId = skill.skillId ?? skill.clientId;
  const state = createState({ vendorId: skill.vendorId, skillId, redirectHost: new URL(redirectUri).hostname, now });
  const implicit = isImplicit(skill);
  const proves = !implicit && (options.pkce || skill.pkce === 'required');
  const codeVerifier = proves ? createCodeVerifier() : undefined;
  const { clientId, vendorId, scopes } = skill;
  const scheme = options.scheme ?? 'REQUEST_BODY_CREDENTIALS';
  const about = { clientId, redirectUri, state, codeVerifier };
  const pending = { ...about, vendorId, scheme, implicit, startedAt: now, used: false };
  const { rawState } = options;
  const responseType = implicit ? 'token' : 'code';
  return { pending, authorizeUrl: buildAuthorizeUrl(brokerUrl, { ...about, scopes, responseType, rawState }) };
}

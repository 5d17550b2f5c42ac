import type { Skill } from '../skills.js';
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
  const codeVerifier = options.pkce || skill.pkce === 'required' ? createCodeVerifier() : undefined;
  const { clientId, vendorId, scopes } = skill;
  const scheme = options.scheme ?? 'REQUEST_BODY_CREDENTIALS';
  const pending = { clientId, vendorId, state, redirectUri, codeVerifier, scheme, startedAt: now, used: false };
  const { rawState } = options;
  return {
    pending,
    authorizeUrl: buildAuthorizeUrl(brokerUrl, { clientId, scopes, redirectUri, state, codeVerifier, rawState }),
  };
}

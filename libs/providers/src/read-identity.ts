import { readProfile, readSubject, requireSubject, type Identity, type Profile } from './identity.js';
import { parseAnswer } from './parse-answer.js';
import { refusal, saysError } from './read-error.js';
import type { Upstream } from './resolve-upstream.js';
import { UpstreamError } from './upstream-error.js';
import type { UpstreamTokens } from './upstream-tokens.js';
import type { WireResponse } from './wire.js';

const LONGEST_CALLBACK_USER = 4_096;

/**
 * Reads who signed in from a userinfo answer.
 * @param subject of a verified id_token, which counts; an answer about someone else is refused
 * @throws UpstreamError `rejected` or `unavailable` by what the provider says, `misconfigured` when it names nobody or
 *   somebody else
 * @see OpenID Connect Core 1.0 §5.3.2
 */
export function readUserinfo(upstream: Upstream, response: WireResponse, subject?: string): Identity {
  const { provider, subjectPaths } = upstream;
  const json = parseAnswer(response);
  if (saysError(provider, response.status, json)) throw refusal(provider, response, json, 'userinfo');
  const profile = readProfile(json, provider.identity.profile);
  if (subject === undefined) return { subject: requireSubject(json, subjectPaths), profile };
  const named = readSubject(json, subjectPaths);
  if (named !== undefined && named !== subject) {
    throw new UpstreamError('misconfigured', 'userinfo is about somebody else than the id_token');
  }
  return { subject, profile };
}

/** Reads who signed in from the token answer. @throws UpstreamError `misconfigured` when it names nobody */
export function readTokenIdentity(upstream: Upstream, tokens: Pick<UpstreamTokens, 'answer'>): Identity {
  const subject = requireSubject(tokens.answer, upstream.subjectPaths);
  return { subject, profile: readProfile(tokens.answer, upstream.provider.identity.profile) };
}

/** What a callback says of the person. It is not signed and may be absent or garbage: never more than for show. */
export function readCallbackProfile(upstream: Upstream, parameters: { readonly user?: string | undefined }): Profile {
  const paths = upstream.provider.identity.callbackProfile;
  const { user } = parameters;
  if (!paths || user === undefined || user.length > LONGEST_CALLBACK_USER) return {};
  return readProfile(parseAnswer({ contentType: 'application/json', body: user }), paths);
}

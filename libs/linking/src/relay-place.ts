import { ANSWER_NONCE_BYTES, openUnderToken, presentationOf, presentedIn, sealUnderToken } from '@linkbroker/protocol';
import type { Ambient } from './needs.js';
import type { RelayCall, RelayedAnswer, RelayFingerprintNeeds, RelayPlace } from './relay-needs.js';

/**
 * The row of a token, and the key of the answer in it. Both are bound to tenant and skill and keyed by the broker, so that
 * the rows alone say nothing, not even of a code that is short enough to be guessed; and the key needs what was presented.
 */
export function relayPlaceOf(needs: RelayFingerprintNeeds, { skill, request }: RelayCall): RelayPlace {
  const token = presentedIn(request);
  const owner = [skill.tenantId, skill.id];
  const tokenHash = needs.fingerprint('relayed-token', [...owner, request.grantType, token]);
  const salt = needs.fingerprint('relayed-answer', [...owner, ...presentationOf(request)]);
  const place = `${skill.tenantId}|${skill.id}|${tokenHash.toString('base64url')}`;
  return { skillId: skill.id, tokenHash, key: { token, salt, place } };
}

/** What is kept of an answer. */
export function sealRelayedAnswer(
  needs: Pick<Ambient, 'randomBytes'>,
  { key }: RelayPlace,
  answer: RelayedAnswer,
): Buffer {
  return sealUnderToken(key, needs.randomBytes(ANSWER_NONCE_BYTES), JSON.stringify(answer));
}

/** The answer that was kept; undefined for octets that are none. Its members stand in the order they were given in. */
export function openRelayedAnswer({ key }: RelayPlace, sealed: Buffer): RelayedAnswer | undefined {
  const text = openUnderToken(key, sealed);
  return text === undefined ? undefined : (JSON.parse(text) as RelayedAnswer);
}

import type { RuleFact, RuleLevel } from './rule-fact.js';
import { SOURCES } from './sources.js';

const fact = (id: string, level: RuleLevel, text: string, source: string | null): RuleFact => ({
  id,
  level,
  text,
  source,
});

/** The rules that can be looked for from outside a server. Wording, level and source: docs/alexa-rules.md. */
export const RULE_FACTS: readonly RuleFact[] = [
  fact('R4', 'SHOULD', 'Requests with and without a PKCE challenge are both served', SOURCES.requirements),
  fact('R6', 'MUST', 'The authorization address is https on port 443', SOURCES.requirements),
  fact('R7', 'MUST', 'The token address is https with a certificate of a recognised authority', SOURCES.forum),
  fact('R8', 'FACT', "Recognised are the authorities of Mozilla's list", SOURCES.mozilla),
  fact('R9', 'FACT', "Let's Encrypt was once refused in writing and works in practice", SOURCES.letsEncrypt),
  fact('R10', 'MUST', 'The server sends its whole chain of certificates', SOURCES.chain),
  fact('R11', 'MUST', 'TLS 1.2 is offered', SOURCES.oldTls),
  fact('R12', 'MUST', 'The token endpoint answers within 4.5 seconds', SOURCES.forum),
  fact('R21', 'MUST', "Alexa's redirect URIs stand on three hosts and end in the vendor id", SOURCES.sampleServer),
  fact('R22', 'MUST', 'All three regional redirect URIs are accepted', SOURCES.regions),
  fact(
    'R23',
    'MUST',
    'Nobody is redirected to an address that is not registered exactly',
    `${SOURCES.oauth}#section-3.1.2`,
  ),
  fact('R27', 'MUST', 'The state comes back unchanged', SOURCES.requirements),
  fact('R28', 'MUST', 'Long states come back whole', SOURCES.longStates),
  fact('R29', 'MUST', "A state with '+', '/' and '=' comes back unchanged", SOURCES.forum),
  fact('R31', 'FACT', 'A state holds for one hour, and the whole sign-in fits into it', null),
  fact('R32', 'SHOULD', 'The authorization address has no parameters of its own', SOURCES.duplicates),
  fact('R33', 'SHOULD', 'Parameters that are not known are ignored', `${SOURCES.oauth}#section-3.1`),
  fact('R36', 'MUST', 'The page fits a phone', SOURCES.requirements),
  fact('R37', 'MUST', 'No new windows and no script dialogs', SOURCES.forum),
  fact('R40', 'MUST', 'A content security policy lets the whole way back pass', SOURCES.formAction),
  fact('R46', 'MUST', 'The redirect back is small; long codes make it fail', SOURCES.blog),
  fact('R48', 'MUST', 'The page comes over https only', null),
  fact('R52', 'MUST', 'Each other host that a page needs is in the domain list', SOURCES.blog),
  fact('R53', 'MUST', 'Entries of the domain list are exact hosts', SOURCES.blog),
  fact('R54', 'MUST', 'The domain list has at most 15 entries', SOURCES.skillManagement),
  fact('R57', 'MUST', 'The sign-in ends with a redirect that has code and state in its query', SOURCES.requirements),
  fact('R58', 'MUST', 'A refusal goes back with error and the same state', SOURCES.appToApp),
  fact('R59', 'SHOULD', 'A code works once and for a few minutes', `${SOURCES.oauth}#section-4.1.2`),
  fact('R60', 'SHOULD', 'Redeeming a code again does not end what the first redemption gave', null),
  fact('R63', 'MUST', 'A code is bound to the redirect URI it was asked for with', `${SOURCES.oauth}#section-4.1.3`),
  fact('R65', 'FACT', 'Token requests are form posts', SOURCES.capture),
  fact('R67', 'FACT', 'How Basic credentials with special characters are encoded is not said', null),
  fact('R69', 'SHOULD', 'Both ways of client authentication work, whichever the console says', null),
  fact('R72', 'MUST', 'A challenge needs the verifier that belongs to it', `${SOURCES.pkce}#section-4.6`),
  fact('R74', 'MUST', 'Success is status 200', SOURCES.forum),
  fact('R75', 'MUST', 'The answer is a JSON object', SOURCES.forum),
  fact('R76', 'MUST', 'The answer is application/json and is not to be cached', SOURCES.blog),
  fact('R77', 'MUST', 'The answer has an access token', SOURCES.blog),
  fact('R78', 'MUST', 'There is a refresh token, and it works', SOURCES.blog),
  fact('R79', 'SHOULD', 'The token type is there and says bearer', SOURCES.blog),
  fact('R80', 'MUST', 'Access tokens live at least 360 seconds', SOURCES.blog),
  fact('R83', 'MUST', "A refresh's answer says expires_in too", SOURCES.auth0),
  fact('R84', 'SHOULD', 'expires_in is a number', `${SOURCES.oauth}#section-5.1`),
  fact('R86', 'SHOULD', 'Access tokens are short', null),
  fact('R90', 'SHOULD', 'Errors have the status and the code that OAuth gives them', `${SOURCES.oauth}#section-5.2`),
  fact('R91', 'MUST', 'Errors are JSON with an error status', SOURCES.troubleshooting),
  fact('R100', 'MUST', 'A refresh token that was just replaced still works', SOURCES.oldTokens),
  fact('R101', 'SHOULD', 'Refresh tokens do not expire, or several old ones stay good', SOURCES.oldTokens),
  fact('R102', 'MUST', 'An old refresh token that turns up does not end the link', SOURCES.oldTokens),
  fact('R103', 'SHOULD', "A refresh's answer has the refresh token to use next", SOURCES.codeGrant),
  fact('R106', 'MUST', 'Refreshes with one token at the same time all succeed', SOURCES.parallel),
  fact('R107', 'MUST', 'The previous access token lives to its own expiry', null),
  fact('R119', 'MUST', 'Tokens of the implicit grant stand in the fragment, not in the query', SOURCES.forum),
  fact('R130', 'MUST', 'At most 15 scopes; smart home skills need one', SOURCES.skillManagement),
  fact('R140', 'MUST', 'The token endpoint wants the right client secret', SOURCES.skillManagement),
  fact('R148', 'MUST', 'With Send Alexa Events on, linking fails where AcceptGrant is not accepted', SOURCES.blog),
  fact('R149', 'MUST', 'AcceptGrant is answered by the call itself, not later', SOURCES.blog),
  fact('R152', 'MUST', 'AcceptGrant is accepted by AcceptGrant.Response with an empty payload', SOURCES.smartHome),
  fact('R153', 'MUST', 'A refusal is ACCEPT_GRANT_FAILED in the namespace Alexa.Authorization', SOURCES.acceptGrant),
  fact('R154', 'FACT', 'A correlation token may be there or not, and comes back where it was', SOURCES.unserialisable),
  fact('R155', 'FACT', 'Linking that works with Send Alexa Events off only is broken by AcceptGrant', SOURCES.blog),
  fact('R158', 'SHOULD', 'The answer to AcceptGrant leaves room within eight seconds', null),
];

const BY_ID: ReadonlyMap<string, RuleFact> = new Map(RULE_FACTS.map((rule) => [rule.id, rule]));

/**
 * A rule by its id.
 * @throws Error for an id that is not in the list: it is a mistake in code, not in input
 */
export function ruleFact(id: string): RuleFact {
  const found = BY_ID.get(id);
  if (!found) throw new Error(`there is no rule ${id}`);
  return found;
}

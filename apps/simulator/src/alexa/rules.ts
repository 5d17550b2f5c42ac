/**
 * One observation held against a rule. `must` findings decide (Alexa would not link, or would lose the link); `should`
 * findings are advice. Rule ids are those of the product's catalogue of Alexa rules.
 */
export interface Finding {
  readonly rule: string;
  readonly level: 'must' | 'should';
  readonly ok: boolean;
  /** What was seen, without secrets. */
  readonly says: string;
}

export function must(rule: string, ok: boolean, says: string): Finding {
  return { rule, level: 'must', ok, says };
}

export function should(rule: string, ok: boolean, says: string): Finding {
  return { rule, level: 'should', ok, says };
}

export function isFailure(finding: Finding): boolean {
  return !finding.ok && finding.level === 'must';
}

const meanings: Readonly<Record<string, string>> = {
  R12: 'Alexa waits 4.5 seconds for the token endpoint. A later answer counts as none.',
  R21: 'The redirect URI of a skill ends in the vendor id of its developer; another one belongs to somebody else.',
  R23: 'The skill must list this redirect URI exactly, byte for byte; the server refuses to redirect anywhere else.',
  R27: 'Alexa finds the household by its state. Without the same state it cannot tell whose account this is.',
  R28: 'States have a thousand characters and more. A column or a URL that is too short cuts them.',
  R29: "A state may hold '+', '/' and '='. Sent back without percent-encoding, a '+' arrives as a space.",
  R31: 'A state is good for one hour: sign-in, sign-up and consent have to finish within it.',
  R33: 'OAuth parameters may come once only (RFC 6749 §3.1).',
  R36: 'The page opens inside the Alexa app on a phone: it must be HTML that fits a small screen.',
  R37: 'The Alexa app shows no pop-ups: window.open, target=_blank, alert and confirm lead to a dead end.',
  R46: 'The redirect with code and state has to stay small; long codes are a known cause of failure.',
  R52: "Every other host a page loads from must be in the skill's domain list, or the page stays blank.",
  R57: 'The server has to redirect (302 or 303) to the redirect URI of the request with code and state in the query.',
  R58: 'The authorization server ended the link with an error. Alexa shows "Linking unsuccessful".',
  R62: 'Amazon answers HTTP 400 to a state that it did not issue to this browser or that was used before.',
  R64: "A code belongs into the query, after '?'. What stands after '#' never reaches Alexa's server.",
  R74: 'Alexa takes HTTP 200 and nothing else, not even 201 or a redirect.',
  R75: 'Alexa reads only a JSON object. A form-encoded answer, as from GitHub, fails.',
  R76: 'Token answers need Content-Type application/json, Cache-Control no-store and Pragma no-cache.',
  R77: 'Without an access_token there is nothing to give to the skill.',
  R78: 'Without a refresh_token the link dies when the first access token expires.',
  R79: 'token_type should be there and be "bearer".',
  R80: 'Access tokens have to live at least 360 seconds, in whole seconds.',
  R83: 'Without expires_in in the refresh answer, Alexa stops refreshing.',
  R84: 'expires_in must be a JSON number; "3600" in quotes is a string.',
  R86: 'The access token travels in every directive; keep it below 2,048 bytes.',
  R91: 'Errors are JSON with an error status: never HTTP 200, never an HTML page.',
  R92: 'An error while redeeming the code: the household sees "Linking unsuccessful" and nothing is stored.',
  R93: 'A permanent failure while refreshing disables the link. The household has to link again.',
  R94: 'A temporary failure. Alexa keeps the link and tries again later, because it was not invalid_grant.',
  R100: 'Old refresh tokens have to keep working: after an outage Alexa may hold an older one.',
  R103: 'A refresh answer should always carry the refresh_token to use next.',
  R106: 'Alexa is distributed: several refreshes with the same token can arrive together, and all must succeed.',
  R107: 'Directives already under way carry the previous access token; it has to live to its own expiry.',
  R108: 'When an answer is lost, Alexa still holds the old refresh token; a second try with it has to work.',
  R119: "With the implicit grant everything stands behind '#': what stands in the query does not reach Alexa.",
  R121: 'There is no refresh token: when the access token expires the household has to link again.',
  R148: 'With Send Alexa Events on, linking fails unless the skill accepts the grant that Alexa hands it.',
  R152: 'The one answer that accepts is AcceptGrant.Response, with a payload that is empty.',
  R153: 'The one answer that refuses is ACCEPT_GRANT_FAILED in the namespace Alexa.Authorization.',
  R198: 'Alexa tells a skill that asks for it, in signed events, that it was enabled, linked or disabled.',
  R177: 'Alexa shows the household an error and asks it to try again; the link itself is there.',
  'RFC 8693': "The skill's own server exchanges the access token of a directive for one that the upstream's API takes.",
  'RFC 7662': "The skill's own server asks whether the access token of a directive is good, and whose it is.",
};

/** What a rule means for a household, in plain words. */
export function meaningOf(rule: string): string {
  return meanings[rule] ?? '';
}

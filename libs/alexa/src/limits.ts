/** Amazon's figures, each with the rule it comes from. */
export const ALEXA_LIMITS = {
  /** Seconds; an access token must live at least this long. R80 */
  minAccessTokenTtl: 360,
  /** Milliseconds within which Alexa wants an answer from the token endpoint. R12 */
  answerWithin: 4_500,
  /** Milliseconds that Alexa waits for a skill. R147 */
  skillAnswersWithin: 8_000,
  /** Scopes per skill. R130 */
  maxScopes: 15,
  /** Domains per skill. R54 */
  maxDomains: 15,
  /** Seconds a link attempt may take before Alexa's own state expires, with five minutes to spare. R31 */
  linkAttemptTtl: 55 * 60,
} as const;

/** One step of a timeline, as far as causes look at it. */
export interface TimelineStep {
  readonly at: Date;
  readonly name: string;
  readonly reference: string | null;
  readonly grantId: string | null;
  readonly connector: string | null;
  readonly outcome: string | null;
  readonly status: number | null;
  /** Milliseconds until the answer. */
  readonly ms: number | null;
  readonly detail: string | null;
  readonly figures: Readonly<Record<string, number>>;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What is known beside the timeline. */
export interface CauseFacts {
  readonly now: Date;
  /** Seconds; the skill's. */
  readonly accessTokenTtl: number;
  /** Whether Alexa holds a grant that works; false where there is no link. */
  readonly live: boolean;
  /** Whether the skill has Alexa's permission for events configured. */
  readonly sendsEvents: boolean;
  /** The skill's registered redirect URIs. */
  readonly redirectUris: readonly string[];
}

/** `failure`: a household was or will be unlinked or not linked. `oddity`: worth a look. `note`: as it should be. */
export type Severity = 'failure' | 'oddity' | 'note';

/** A named reason why a link fails, is lost or looks strange. */
export interface Cause {
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  /** What the household sees, in the words that Amazon's app and troubleshooting guides use. */
  readonly symptom: string;
  readonly rules: readonly string[];
  /** What to do, and who. */
  readonly remedy: string;
}

/** A cause with what shows it. */
export interface FoundCause extends Cause {
  readonly evidence: string;
  readonly at: Date;
  readonly reference: string | null;
}

/** The error of Alexa's app when tokens do not come. @see R50 */
export const UNABLE_TO_LINK = '"We were unable to link … at this time", or "Linking unsuccessful"';
/** @see R55 */
export const BLANK_SCREEN = 'A blank screen, or a new window on a phone';
export const LOST_AFTER_A_WHILE = 'Linking succeeded, and after some time the household has to link again';
export const STAYS_ON_PAGE = 'The page stays, or shows an error, and never leads back to Alexa';
export const NOTHING_SEEN = 'The household notices nothing';

/** Seconds that a request of Alexa's may be old. @see R204 */
const USUAL_SECONDS = 150;
/** Seconds that these may be old: Alexa repeats them for so long. @see R204 */
const EVENT_SECONDS = 3_600;
const REPEATED: ReadonlySet<string> = new Set([
  'AlexaSkillEvent.SkillEnabled',
  'AlexaSkillEvent.SkillDisabled',
  'AlexaSkillEvent.SkillPermissionChanged',
  'AlexaSkillEvent.SkillPermissionAccepted',
  'AlexaSkillEvent.SkillAccountLinked',
]);

/** How many seconds a request of this type may be old. @see R204 */
export const secondsGood = (type: string): number => (REPEATED.has(type) ? EVENT_SECONDS : USUAL_SECONDS);

/**
 * Whether a request is of now: not older than its type allows, and not further in the future than clocks differ.
 * @see R204
 */
export function isOfNow(type: string, timestamp: Date, now: Date): boolean {
  const age = (now.getTime() - timestamp.getTime()) / 1_000;
  return age <= secondsGood(type) && age >= -USUAL_SECONDS;
}

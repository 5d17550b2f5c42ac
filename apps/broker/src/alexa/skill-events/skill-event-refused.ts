/** Why a request was not taken for one of Alexa's events; `unreachable` is no judgement. */
export type SkillEventRefusal =
  | 'no_signature'
  | 'certificate_url'
  | 'certificate'
  | 'unreachable'
  | 'signature'
  | 'malformed'
  | 'too_old'
  | 'no_skill_id'
  | 'other_skill'
  | 'no_event'
  | 'token';

/** A request that is not what belongs here. `message` is for the skill's developer and holds nothing of the request. */
export class SkillEventRefused extends Error {
  constructor(
    readonly refusal: SkillEventRefusal,
    message: string,
    /** More of it, for the timeline alone. */
    readonly detail = message,
    readonly grantId?: string,
  ) {
    super(message);
    this.name = 'SkillEventRefused';
  }
}

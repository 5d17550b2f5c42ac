import { must, type Finding } from '../alexa/rules.js';
import { NoAnswer } from '../http/send.js';
import { TooManyRedirects } from './phone-browser.js';

/** A step that cannot go on. The finding says what is wrong; without one the transcript has it already. */
export class Stuck extends Error {
  constructor(readonly finding: Finding | undefined) {
    super(finding?.says ?? 'the failure stands in the transcript');
  }
}

export const stuck = (rule: string, says: string): Stuck => new Stuck(must(rule, false, says));

/** Turns what stopped a link into a finding; anything unexpected is thrown on. */
export function explain(error: unknown, brokerUrl: string): Finding | undefined {
  if (error instanceof Stuck) return error.finding;
  if (error instanceof NoAnswer && error.reason === 'refused') {
    return must('R57', false, `${error.message}; does the broker run at ${brokerUrl}?`);
  }
  if (error instanceof NoAnswer || error instanceof TooManyRedirects) return must('R57', false, error.message);
  throw error;
}

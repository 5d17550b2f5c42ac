/** The run could not be begun. The message is the one line that a person needs. */
export class CannotRun extends Error {}

/** The database could not be asked in time, or did not answer: a failure to look, never a verdict. */
export class DatabaseUnavailable extends Error {
  constructor(reason: string, options?: { cause?: unknown }) {
    super(`database unavailable: ${reason}`, options);
    this.name = 'DatabaseUnavailable';
  }
}

/** A stored value that does not open: an incident, never "the token is missing". Names the place, not the value. */
export class DecryptionFailed extends Error {
  constructor(place: string, options?: { cause?: unknown }) {
    super(`cannot open the sealed value at ${place}`, options);
    this.name = 'DecryptionFailed';
  }
}

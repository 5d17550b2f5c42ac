/** What was asked for cannot be done, in words for the one who asked. */
export class SmapiRefused extends Error {
  override readonly name = 'SmapiRefused';
}

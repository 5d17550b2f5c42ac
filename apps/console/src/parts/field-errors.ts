import { ApiFailure } from '../api/api-failure.js';

/** What the API said of one field of a body, or of something inside it, for the field itself. */
export function fieldError(error: unknown, field: string): string | undefined {
  if (!(error instanceof ApiFailure)) return undefined;
  // What does not fit the shape is named with its place in the request, what does not fit the rest without.
  const places = [field, `body.${field}`];
  const isOf = (name: string): boolean => places.some((place) => name === place || name.startsWith(`${place}.`));
  return error.errors.find((one) => isOf(one.field))?.message;
}

import { ApiFailure } from '../api/api-failure.js';

/** What the API said of one field of a body, for the field itself. */
export function fieldError(error: unknown, field: string): string | undefined {
  if (!(error instanceof ApiFailure)) return undefined;
  return error.errors.find((one) => one.field === `body.${field}`)?.message;
}

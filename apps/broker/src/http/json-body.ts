/** A JSON body as it came; it is not a string, so that no endpoint takes it for a form. */
export interface JsonBody {
  readonly json: string;
}

/** The text of a JSON body, where that is what came. */
export const jsonOf = (body: unknown): string | undefined =>
  typeof body === 'object' && body !== null && 'json' in body && typeof body.json === 'string' ? body.json : undefined;

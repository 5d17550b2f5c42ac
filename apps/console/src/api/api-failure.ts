/** What is wrong with one field of a request: `body.name`. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** `problem`: the API said no. `offline`: it was not reached. `late`: it took too long. `unreadable`: no answer of the API. */
export type FailureKind = 'problem' | 'offline' | 'late' | 'unreadable';

interface FailureFacts {
  readonly status?: number;
  readonly detail?: string;
  readonly errors?: readonly FieldProblem[];
  readonly retryAfter?: number;
}

/** A call of the API that brought nothing. @see RFC 9457 */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  /** 0 where there was no answer. */
  readonly status: number;
  /** In the API's words; empty where it said nothing. */
  readonly detail: string;
  readonly errors: readonly FieldProblem[];
  /** Seconds after which another try makes sense. */
  readonly retryAfter: number | undefined;

  constructor(
    readonly kind: FailureKind,
    { status = 0, detail = '', errors = [], retryAfter }: FailureFacts = {},
  ) {
    super(detail || kind);
    this.status = status;
    this.detail = detail;
    this.errors = errors;
    this.retryAfter = retryAfter;
  }

  /** Whether the same call may work by itself in a while. */
  get passes(): boolean {
    return this.kind !== 'problem' || this.status === 503 || this.status === 429;
  }
}

/** Reads a refusal. Whatever a proxy in between may have sent is not shown. */
export async function readFailure(response: Response): Promise<ApiFailure> {
  const retryAfter = secondsOf(response.headers.get('retry-after'));
  const facts = { status: response.status, ...(retryAfter !== undefined && { retryAfter }) };
  const isProblem = response.headers.get('content-type')?.includes('problem+json') ?? false;
  if (!isProblem) return new ApiFailure('unreadable', facts);
  const body = (await response.json().catch(() => undefined)) as
    { readonly detail?: unknown; readonly errors?: unknown } | undefined;
  return new ApiFailure('problem', {
    ...facts,
    ...(typeof body?.detail === 'string' && { detail: body.detail }),
    errors: Array.isArray(body?.errors) ? body.errors.filter(isFieldProblem) : [],
  });
}

function isFieldProblem(value: unknown): value is FieldProblem {
  if (typeof value !== 'object' || value === null) return false;
  const { field, message } = value as Partial<Record<keyof FieldProblem, unknown>>;
  return typeof field === 'string' && typeof message === 'string';
}

function secondsOf(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
}

import type { Deadline } from '@linkbroker/contracts';
import type { Dispatcher } from 'undici';
import { EgressFailed, EgressRefused } from './egress-refused.js';
import type { Target } from './target.js';

export interface ExchangeRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly target: Target;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly deadline: Deadline;
}

export interface InboundResponse {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** `Retry-After` as it came. */
  readonly retryAfter?: string;
}

/** Octets of an answer worth reading; a token answer is a few kilobytes. */
const MAX_BODY_BYTES = 512 * 1024;

/** The far end answered, and not so that we could use it. */
export class UnusableAnswer extends EgressFailed {
  constructor(
    reason: string,
    readonly status: number,
  ) {
    super(reason);
  }
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * One request and its answer over a dispatcher. The deadline ends it at any stage and destroys its socket; the request
 * is written at most once, and not at all when the deadline has passed by then.
 * @throws EgressFailed which knows whether anything was written; EgressRefused when the connector said so
 */
export function exchange(dispatcher: Dispatcher, request: ExchangeRequest): Promise<InboundResponse> {
  const { method, target, headers, body } = request;
  return new Promise((resolve, reject) => {
    const conversation = new Conversation(target.host, request.deadline, resolve, reject);
    dispatcher.dispatch(
      { origin: target.origin, path: target.path, method, headers: { ...headers }, body },
      conversation,
    );
  });
}

class Conversation implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | undefined;
  private readonly timer: NodeJS.Timeout;
  private over = false;
  private status = 0;
  private headers: Headers = {};
  private readonly chunks: Buffer[] = [];
  private size = 0;

  constructor(
    private readonly host: string,
    private readonly deadline: Deadline,
    private readonly resolve: (response: InboundResponse) => void,
    private readonly reject: (error: Error) => void,
  ) {
    // A process that stood still reads what has come meanwhile before it gives up: a token in it may be the only one.
    const late = () => setImmediate(() => this.fail('no answer in time'));
    this.timer = setTimeout(late, Math.max(0, Math.ceil(deadline - performance.now())));
  }

  /** undici calls this with a socket in hand, right before it writes to it, and writes nothing if this aborts. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    const again = this.controller !== undefined;
    if (!again && !this.over && performance.now() >= this.deadline) this.fail('deadline had passed');
    if (again || this.over) {
      controller.abort(new Error('not to be written'));
      this.fail('written before');
      return;
    }
    this.controller = controller;
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status < 200) return;
    this.status = status;
    this.headers = headers;
    if (Number(text(headers['content-length'])) > MAX_BODY_BYTES) this.unusable('answer too large');
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.size += chunk.length;
    if (this.size > MAX_BODY_BYTES) this.unusable('answer too large');
    else this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    // We asked for none and undo none, so there is nothing that could grow.
    const encoding = text(this.headers['content-encoding']).trim().toLowerCase();
    if (this.size > 0 && encoding !== '' && encoding !== 'identity') this.unusable('answer is encoded');
    if (this.over) return;
    this.finish();
    const retryAfter = this.headers['retry-after'];
    this.resolve({
      status: this.status,
      contentType: text(this.headers['content-type']),
      body: Buffer.concat(this.chunks).toString('utf8'),
      ...(typeof retryAfter === 'string' && { retryAfter }),
    });
  }

  onResponseError(_: unknown, error: Error): void {
    if (this.over) return;
    if (error instanceof EgressRefused || error instanceof EgressFailed) {
      this.finish();
      this.reject(error);
      return;
    }
    this.fail(this.controller ? 'no answer' : 'no connection', error);
  }

  private fail(reason: string, error?: Error): void {
    const code = codeOf(error);
    const cause = error && bare(error, code);
    const sent = this.controller !== undefined;
    this.end(new EgressFailed(`${this.host}: ${reason}${code && ` (${code})`}`, { sent, cause }));
  }

  private unusable(reason: string): void {
    this.end(new UnusableAnswer(`${this.host}: ${reason}`, this.status));
  }

  private end(failure: EgressFailed): void {
    if (this.over) return;
    this.finish();
    this.reject(failure);
    this.controller?.abort(failure);
  }

  private finish(): void {
    this.over = true;
    clearTimeout(this.timer);
  }
}

const text = (value: string | string[] | undefined): string => String(value ?? '');

function codeOf(error: (Error & { code?: unknown }) | undefined): string {
  const code = error?.code;
  return typeof code === 'string' && /^\w{1,64}$/.test(code) ? code : '';
}

/** Name and code alone: the original may hold octets of the answer, a socket, or the request. */
function bare({ name }: Error, code: string): Error {
  return Object.assign(new Error(code || name), { name, code });
}

import { UpstreamError } from '@linkbroker/providers';
import { Injectable, type ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyReply } from 'fastify';
import type { PassportRequest, UpstreamStrategy, UpstreamUser } from './upstream.strategy.js';

interface Prepared {
  readonly strategy: UpstreamStrategy;
  readonly request: PassportRequest;
}

const NestPassportGuard = AuthGuard();
const NO_DEFAULT = { defaultStrategy: 'set for each request', session: false };

/** The three things passport does to a response, on Fastify's reply. */
function responseFor(reply: FastifyReply): object {
  return {
    statusCode: 303,
    setHeader: (name: string, value: string) => reply.header(name, value),
    end: () => reply.code(303).removeHeader('content-length').send(),
  };
}

/**
 * Runs passport with a strategy made for this request, and shows it a request that holds only what was checked.
 */
@Injectable()
export class PassportRun extends NestPassportGuard {
  private prepared: Prepared | undefined;

  constructor() {
    super(NO_DEFAULT);
  }

  /** Redirects (and then never resolves) or returns the signed-in user. @throws UpstreamError */
  static async run(
    context: ExecutionContext,
    strategy: UpstreamStrategy,
    request: PassportRequest,
  ): Promise<UpstreamUser> {
    const guard = new PassportRun();
    guard.prepared = { strategy, request };
    // Nest's guard takes the strategy from its options; passport accepts an object as well as a name.
    (guard as unknown as { options: object }).options = { session: false, defaultStrategy: strategy };
    await guard.canActivate(context);
    return (request as unknown as { user: UpstreamUser }).user;
  }

  override getRequest(): never {
    return this.prepared?.request as never;
  }

  getResponse(context: ExecutionContext): object {
    return responseFor(context.switchToHttp().getResponse<FastifyReply>());
  }

  override handleRequest<TUser>(error: unknown, user: TUser | false): TUser {
    if (error) throw error instanceof Error ? error : new Error('passport failed', { cause: error });
    if (!user) throw new UpstreamError('rejected', 'the sign-in was not accepted');
    return user;
  }
}

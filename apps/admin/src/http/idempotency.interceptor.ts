import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { firstValueFrom, from, of, switchMap, type Observable } from 'rxjs';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';
import { ApiProblem, badRequest, conflict } from './problem.js';

const KEY = /^[\x21-\x7E]{8,128}$/;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * A POST that carries an `Idempotency-Key` is carried out once: the same request again is given the first one's answer, for a
 * day. The answer may hold a secret that is told once, so that it is kept sealed under what only the caller has.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(@Inject(ADMIN_NEEDS) private readonly needs: Pick<AdminNeeds, 'idempotent'>) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const given = request.headers['idempotency-key'];
    if (request.method !== 'POST' || given === undefined) return next.handle();
    if (typeof given !== 'string' || !KEY.test(given))
      throw badRequest('idempotency-key is 8 to 128 characters of ASCII.');
    const mark = markOf(request, given);
    return from(this.known(mark)).pipe(
      switchMap((answer) => {
        if (answer === undefined) return this.carryOut(next, mark);
        const reply = http.getResponse<FastifyReply>().header('idempotency-replayed', 'true');
        if (answer !== '') reply.header('content-type', 'application/json; charset=utf-8');
        reply.header('cache-control', 'no-store');
        return of(answer);
      }),
    );
  }

  private async known({ name, request, open }: Mark): Promise<string | undefined> {
    const found = await this.needs.idempotent.begin(name);
    if (found.kind === 'new') return undefined;
    if (found.kind === 'under-way') throw conflict('The request with this idempotency-key is still under way.');
    if (found.request !== request)
      throw new ApiProblem(422, 'Another request', 'This idempotency-key belongs to another request.');
    return open(found.answer);
  }

  /** What fails has changed nothing, and may be tried again under the same key. */
  private carryOut(next: CallHandler, { name, request, seal }: Mark): Observable<unknown> {
    return from(
      (async () => {
        try {
          const answer = await firstOf(next);
          // It has been carried out: an answer that could not be kept is no failure of it.
          await this.needs.idempotent.keep(name, request, seal(answer)).catch(() => undefined);
          return answer;
        } catch (error) {
          await this.needs.idempotent.free(name).catch(() => undefined);
          throw error;
        }
      })(),
    );
  }
}

interface Mark {
  /** Of key and caller. */
  readonly name: string;
  /** Of what is asked for. */
  readonly request: string;
  readonly seal: (answer: string) => string;
  readonly open: (sealed: string) => string;
}

const digest = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\n')).digest('base64url');

/** Another caller's key is another key: what proves who asks is part of it, and opens the answer. */
function markOf(request: FastifyRequest, given: string): Mark {
  const proof = `${request.headers.authorization ?? ''}\n${request.headers.cookie ?? ''}`;
  const name = digest('name', proof, given);
  const key = Buffer.from(hkdfSync('sha256', proof, given, 'linkbroker idempotent answer', 32));
  return {
    name,
    request: digest(request.method, request.url, JSON.stringify(request.body ?? null)),
    seal: (answer) => {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const sealed = Buffer.concat([cipher.update(answer, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    open: (text) => {
      const bytes = Buffer.from(text, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES));
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      return `${decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)).toString('utf8')}${decipher.final('utf8')}`;
    },
  };
}

/** The answer as the route's own interceptor has written it; empty for none. */
async function firstOf(next: CallHandler): Promise<string> {
  const answer: unknown = await firstValueFrom(next.handle(), { defaultValue: '' });
  return typeof answer === 'string' ? answer : '';
}

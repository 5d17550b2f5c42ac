import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { map, type Observable } from 'rxjs';
import { routeOf } from './api-route-key.js';

/**
 * Sends what a handler returns, held to the shape of its route: what the shape does not name does not leave the process.
 * An answer that can be read again carries an entity tag, and is not sent twice to who has it.
 * @see RFC 9110 §8.8.3 §13.1.2
 */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { answer, contentType, method } = routeOf(context);
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    reply.header('cache-control', method === 'GET' ? 'private, no-cache' : 'no-store');
    return next.handle().pipe(
      map((value: unknown) => {
        if (contentType !== undefined) {
          reply.header('content-type', contentType);
          return value;
        }
        if (!answer) return undefined;
        const body = JSON.stringify(answer.parse(value));
        const tag = entityTag(body);
        if (method === 'GET') reply.header('etag', tag);
        if (method === 'GET' && holds(request.headers['if-none-match'], tag)) {
          reply.code(304);
          return undefined;
        }
        reply.header('content-type', 'application/json; charset=utf-8');
        return body;
      }),
    );
  }
}

/** The entity tag of a representation. */
export const entityTag = (body: string): string =>
  `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;

/** Whether a list of entity tags names this one. */
export const holds = (header: string | undefined, tag: string): boolean =>
  header !== undefined &&
  (header.trim() === '*' || header.split(',').some((one) => one.trim().replace(/^W\//, '') === tag));

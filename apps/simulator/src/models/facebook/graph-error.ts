import { randomBytes } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import type { OAuthRefusal } from '../../upstream/refusal.js';

export interface GraphError {
  readonly message: string;
  readonly code: number;
  readonly subcode?: number;
}

/** The shape of every error of the Graph API, with HTTP 400. */
export function sendGraphError(reply: FastifyReply, { message, code, subcode }: GraphError): FastifyReply {
  const error = {
    message,
    type: 'OAuthException',
    code,
    ...(subcode === undefined ? {} : { error_subcode: subcode }),
    fbtrace_id: randomBytes(8).toString('base64url'),
  };
  return reply.code(400).header('cache-control', 'no-store').send({ error });
}

/** 190: the access token; 463 says that it has expired. 100: a parameter, the code among them. 1: the client's secret. */
const codes: Readonly<Record<string, { code: number; subcode?: number; message?: string }>> = {
  invalid_token: { code: 190 },
  expired_token: { code: 190, subcode: 463 },
  invalid_client: { code: 1, message: 'Error validating client secret.' },
};

export function refuse(reply: FastifyReply, { error, message }: OAuthRefusal): FastifyReply {
  return sendGraphError(reply, { message, ...(codes[error] ?? { code: 100 }) });
}

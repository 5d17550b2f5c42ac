import { noteSecret } from '@linkbroker/testing';
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const LWA_CLIENT = { clientId: 'amzn1.application-oa2-client.test', clientSecret: 'lwa+secret/=&' };

interface LwaReply {
  readonly status: number;
  readonly body: string;
}

/** What happens to one request instead of its usual answer; `serve` does the usual work first. */
export type LwaFault = (serve: () => LwaReply) => Promise<LwaReply | 'no answer'> | LwaReply | 'no answer';

/**
 * The token endpoint of Login with Amazon, strict: codes work once, refresh tokens always and for their client alone.
 * @see R159–R162
 */
export interface Lwa {
  readonly url: string;
  /** Forms of all requests so far. */
  readonly forms: URLSearchParams[];
  /** A code that has not been exchanged. */
  newCode(): string;
  /** Tokens that were given out. */
  readonly given: string[];
  /** What happens to the next requests, one each. */
  readonly faults: LwaFault[];
  /** The household takes back what it allowed. */
  revoke(refreshToken: string): void;
  close(): Promise<void>;
}

const newToken = (kind: string): string =>
  noteSecret('token of Login with Amazon', `${kind}|${randomBytes(270).toString('base64url')}`);
const reply = (status: number, body: object): LwaReply => ({ status, body: JSON.stringify(body) });
export const lwaError = (status: number, error: string): LwaReply =>
  reply(status, { error, error_description: 'The request has an invalid grant parameter : code' });

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

export async function startLwa(): Promise<Lwa> {
  const codes = new Set<string>();
  const refreshTokens = new Set<string>();
  const [forms, given, faults]: [URLSearchParams[], string[], LwaFault[]] = [[], [], []];
  const give = (refreshToken: string): LwaReply => {
    const accessToken = newToken('Atza');
    given.push(accessToken, refreshToken);
    return reply(200, {
      access_token: accessToken,
      token_type: 'bearer',
      expires_in: 3600,
      refresh_token: refreshToken,
    });
  };
  const serve = (form: URLSearchParams): LwaReply => {
    const wrong =
      form.get('client_id') !== LWA_CLIENT.clientId || form.get('client_secret') !== LWA_CLIENT.clientSecret;
    if (wrong) return lwaError(401, 'invalid_client');
    if (form.get('grant_type') === 'refresh_token') {
      const token = form.get('refresh_token') ?? '';
      return refreshTokens.has(token) ? give(token) : lwaError(400, 'invalid_grant');
    }
    if (!codes.delete(form.get('code') ?? '')) return lwaError(400, 'invalid_grant');
    const refreshToken = newToken('Atzr');
    refreshTokens.add(refreshToken);
    return give(refreshToken);
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const form = await formOf(request);
    forms.push(form);
    const fault = faults.shift();
    const result = fault ? await fault(() => serve(form)) : serve(form);
    // Whoever asked gives up by himself.
    if (result === 'no answer') return;
    response.writeHead(result.status, { 'content-type': 'application/json' }).end(result.body);
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}/auth/o2/token`,
    ...{ forms, given, faults },
    newCode: () => {
      const code = noteSecret('code of Login with Amazon', `RH${randomBytes(16).toString('hex')}`);
      codes.add(code);
      return code;
    },
    revoke: (token) => void refreshTokens.delete(token),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

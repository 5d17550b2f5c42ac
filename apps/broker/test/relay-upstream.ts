import { noteSecret } from '@linkbroker/testing';
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface RelayAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface SeenRequest {
  readonly form: URLSearchParams;
  readonly authorization: string | undefined;
}

/** What happens to one request instead of its usual answer; `serve` does the usual work first. */
export type Fault = (serve: () => RelayAnswer) => Promise<RelayAnswer | 'no answer'> | RelayAnswer | 'no answer';

/**
 * An existing authorization server as the strict ones are: a refresh token works once, and one that comes again kills its
 * family. It counts how often each token was presented.
 */
export interface RelayUpstream {
  readonly url: string;
  readonly requests: SeenRequest[];
  /** A code that has not been redeemed. */
  newCode(): string;
  /** A refresh token of a new family. */
  newFamily(): string;
  presented(token: string): number;
  /** What happens to the next requests, one each. */
  readonly faults: Fault[];
  /** How tokens are written. */
  style: (tokens: Record<string, unknown>) => RelayAnswer;
  /** Whether refresh tokens are replaced. */
  rotates: boolean;
  close(): Promise<void>;
}

export const json = (body: unknown, status = 200): RelayAnswer => ({
  status,
  contentType: 'application/json',
  body: JSON.stringify(body),
});
export const form = (body: Record<string, unknown>): RelayAnswer => ({
  status: 200,
  contentType: 'application/x-www-form-urlencoded; charset=utf-8',
  body: new URLSearchParams(
    Object.entries(body).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString(),
});

const EXPECTED: Readonly<Record<string, string>> = {
  'their-client': 'their-secret+/=',
  'alexa-passed': 'passed-secret+/=&',
};

const newToken = (kind: string): string => noteSecret(kind, `${kind}-${randomBytes(24).toString('base64url')}`);

class Families {
  private readonly familyOf = new Map<string, { current: string; dead: boolean }>();

  begin(): string {
    const token = newToken('rt');
    this.familyOf.set(token, { current: token, dead: false });
    return token;
  }

  /** The successor of a token, or undefined when it is dead: one that was used before kills all of its family. */
  use(token: string, rotates: boolean): string | undefined {
    const family = this.familyOf.get(token);
    if (!family || family.dead) return undefined;
    if (family.current !== token) {
      family.dead = true;
      return undefined;
    }
    if (!rotates) return token;
    const next = newToken('rt');
    family.current = next;
    this.familyOf.set(next, family);
    return next;
  }
}

function clientKnown({ form: fields, authorization }: SeenRequest): boolean {
  const [id = '', secret = ''] = authorization
    ? Buffer.from(authorization.replace('Basic ', ''), 'base64').toString().split(':').map(decodeURIComponent)
    : [fields.get('client_id') ?? '', fields.get('client_secret') ?? ''];
  return EXPECTED[id] === secret;
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return new URLSearchParams(text);
}

export async function startRelayUpstream(): Promise<RelayUpstream> {
  const codes = new Set<string>();
  const families = new Families();
  const counts = new Map<string, number>();
  const serve = (seen: SeenRequest): RelayAnswer => {
    if (!clientKnown(seen)) return json({ error: 'invalid_client' }, 401);
    const code = seen.form.get('code');
    const next = code
      ? codes.delete(code) && families.begin()
      : families.use(seen.form.get('refresh_token') ?? '', upstream.rotates);
    if (!next) return json({ error: 'invalid_grant', error_description: 'dead' }, 400);
    return upstream.style({
      access_token: newToken('at'),
      token_type: 'bearer',
      expires_in: 3600,
      refresh_token: next,
    });
  };
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    void (async () => {
      const seen = { form: await readForm(request), authorization: request.headers.authorization };
      upstream.requests.push(seen);
      const token = seen.form.get('code') ?? seen.form.get('refresh_token') ?? '';
      counts.set(token, (counts.get(token) ?? 0) + 1);
      const fault = upstream.faults.shift();
      const answer = fault ? await fault(() => serve(seen)) : serve(seen);
      if (answer === 'no answer') return;
      response.writeHead(answer.status, { 'content-type': answer.contentType, ...answer.headers }).end(answer.body);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const upstream: RelayUpstream = {
    url: `http://127.0.0.1:${port}`,
    requests: [],
    newCode: () => {
      const code = newToken('code');
      codes.add(code);
      return code;
    },
    newFamily: () => families.begin(),
    presented: (token) => counts.get(token) ?? 0,
    faults: [],
    style: json,
    rotates: true,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return upstream;
}

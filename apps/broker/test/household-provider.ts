import { noteSecret } from '@linkbroker/testing';
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/**
 * A provider that rotates strictly: a refresh token is good for one use, and one that comes again ends its chain. Any
 * number of households; what they hold can be handed out without a visit, as a server before the broker would have it.
 */
export interface HouseholdProvider {
  readonly url: string;
  /** A chain of a household's, as another server got it: the refresh token, and an access token that lives for an hour. */
  newChain(subject: string): { readonly refreshToken: string; readonly accessToken: string };
  /** Ends a chain, as its household would. */
  end(refreshToken: string): void;
  readonly counts: { refreshes: number; reuses: number; userinfo: number };
  /** Answers userinfo with this status while it is set. */
  userinfoStatus: number | undefined;
  readonly close: () => Promise<void>;
}

interface Chain {
  readonly subject: string;
  current: string;
  dead: boolean;
}

export async function startHouseholdProvider(): Promise<HouseholdProvider> {
  // Every token begins with it, so that one search finds any of them.
  const secret = noteSecret('upstream token', randomBytes(18).toString('base64url'));
  const newToken = (): string => `${secret}.${randomBytes(16).toString('base64url')}`;
  const chains = new Map<string, Chain>();
  const access = new Map<string, Chain>();
  const provider = {
    counts: { refreshes: 0, reuses: 0, userinfo: 0 },
    userinfoStatus: undefined as number | undefined,
  };
  const issue = (chain: Chain) => {
    const accessToken = newToken();
    access.set(accessToken, chain);
    chains.set(chain.current, chain);
    return { refreshToken: chain.current, accessToken };
  };
  const refresh = (form: URLSearchParams): readonly [number, object] => {
    const token = form.get('refresh_token') ?? '';
    const chain = chains.get(token);
    if (chain && chain.current !== token) {
      provider.counts.reuses += 1;
      chain.dead = true;
    }
    if (!chain || chain.dead) return [400, { error: 'invalid_grant' }];
    provider.counts.refreshes += 1;
    chain.current = newToken();
    const { refreshToken, accessToken } = issue(chain);
    return [200, { access_token: accessToken, token_type: 'Bearer', expires_in: 3_600, refresh_token: refreshToken }];
  };
  const userinfo = (authorization: string): readonly [number, object] => {
    provider.counts.userinfo += 1;
    if (provider.userinfoStatus !== undefined) return [provider.userinfoStatus, { error: 'temporarily_unavailable' }];
    const chain = access.get(authorization.replace(/^Bearer /, ''));
    return chain && !chain.dead
      ? [200, { sub: chain.subject, name: 'A household' }]
      : [401, { error: 'invalid_token' }];
  };
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const path = new URL(request.url ?? '', 'http://localhost').pathname;
      const answer =
        path === '/token' ? refresh(new URLSearchParams(body)) : userinfo(request.headers.authorization ?? '');
      write(response, answer);
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return Object.assign(provider, {
    url: `http://localhost:${String(port)}`,
    newChain: (subject: string) => issue({ subject, current: newToken(), dead: false }),
    end: (refreshToken: string) => {
      const chain = chains.get(refreshToken);
      if (chain) chain.dead = true;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function write(response: ServerResponse, [status, body]: readonly [number, object]): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

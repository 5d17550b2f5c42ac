import type { SentSession } from '@linkbroker/contracts';
import { noteSecret, noteSecretsIn } from '@linkbroker/testing';
import { randomInt } from 'node:crypto';
import { generate } from 'otplib';
import type { Admin } from '../src/index.js';

export interface Answer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly body: Body;
  readonly headers: Readonly<Record<string, unknown>>;
}

const COOKIE = '__Host-linkbroker_admin';

/** A browser at the admin app: keeps its cookie and the session's token, and comes from an address of its own. */
export class ConsoleClient {
  cookie: string | undefined;
  /** Of a trip to a provider. */
  hop: string | undefined;
  csrf: string | undefined;

  constructor(
    private readonly admin: () => Admin,
    readonly address = `10.${String(randomInt(256))}.${String(randomInt(256))}.1`,
  ) {}

  async send<Body = Record<string, unknown>>(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer<Body>> {
    if (body) noteSecretsIn(body);
    const cookies = [
      ...(this.cookie === undefined ? [] : [`${COOKIE}=${this.cookie}`]),
      ...(this.hop === undefined ? [] : [`${COOKIE}_hop=${this.hop}`]),
    ];
    const answer = await this.admin().app.inject({
      method,
      url: `/api/v1${path}`,
      remoteAddress: this.address,
      headers: {
        ...(cookies.length > 0 && { cookie: cookies.join('; ') }),
        ...(this.csrf !== undefined && method !== 'GET' && { 'x-csrf-token': this.csrf }),
        'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0',
        ...headers,
      },
      ...(body && { payload: body }),
    });
    this.remember(answer.headers['set-cookie']);
    const isJson = answer.body !== '' && /json/.test(String(answer.headers['content-type']));
    const told = (isJson ? answer.json<object>() : {}) as Body & { readonly csrf?: string | null };
    if (typeof told.csrf === 'string') this.csrf = told.csrf;
    return { status: answer.statusCode, body: told, headers: answer.headers };
  }

  session(): Promise<Answer<SentSession>> {
    return this.send<SentSession>('GET', '/session');
  }

  signIn(login: string, password: string): Promise<Answer<SentSession>> {
    return this.send<SentSession>('POST', '/session/password', { login, password });
  }

  /** Sets up an authenticator app; gives its secret. */
  async enrolTotp(now: Date): Promise<string> {
    const begun = await this.send<{ secret: string }>('POST', '/account/totp');
    const secret = noteSecret('TOTP secret', begun.body.secret);
    const done = await this.send('POST', '/account/totp/confirm', { code: await totpCode(secret, now) });
    if (done.status !== 200) throw new Error(`the code was answered ${String(done.status)}`);
    return secret;
  }

  private remember(header: string | string[] | undefined): void {
    const text = [header].flat()[0] ?? '';
    this.hop = new RegExp(`^${COOKIE}_hop=([^;]*)`).exec(text)?.[1] ?? this.hop;
    const value = new RegExp(`^${COOKIE}=([^;]*)`).exec(text)?.[1];
    if (value === undefined) return;
    this.cookie = value === '' ? undefined : noteSecret('session secret', value);
    if (value === '') this.csrf = undefined;
  }
}

/** What an authenticator app shows. */
export const totpCode = (secret: string, now: Date): Promise<string> =>
  generate({ secret, epoch: Math.floor(now.getTime() / 1_000) });

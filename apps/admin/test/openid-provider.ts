import { noteSecret } from '@linkbroker/testing';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export const CLIENT = {
  clientId: 'console',
  clientSecret: noteSecret('provider secret', 'the-secret-at-the-provider'),
};

/** What a provider may say that it should not. */
export interface Lie {
  readonly issuer?: string;
  readonly audience?: string;
  readonly nonce?: string;
  readonly expiresIn?: string;
  /** Signs with a key that it does not publish. */
  readonly forged?: boolean;
}

interface Issued {
  readonly challenge: string;
  readonly redirectUri: string;
  readonly idToken: string;
}

/** An OpenID provider that says what a test wants, and checks what its client sends. */
export class OpenIdProvider {
  private readonly codes = new Map<string, Issued>();
  private readonly server = createServer((request, response) => {
    void this.answer(request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  /** What it says of how clients may prove themselves. */
  methods: string[] | undefined;
  /** Every request is answered with this while it is set. */
  broken: number | undefined;

  private constructor(
    private readonly keys: { readonly publicKey: CryptoKey; readonly privateKey: CryptoKey },
    private readonly foreign: CryptoKey,
  ) {}

  static async start(): Promise<OpenIdProvider> {
    const provider = new OpenIdProvider(await generateKeyPair('RS256'), (await generateKeyPair('RS256')).privateKey);
    await new Promise<void>((resolve) => provider.server.listen(0, '127.0.0.1', resolve));
    return provider;
  }

  get issuer(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  /** What its sign-in page ends with: the query that a browser brings back. */
  async signIn(
    url: string,
    claims: { readonly sub: string } & Record<string, unknown>,
    lie: Lie = {},
  ): Promise<string> {
    const asked = new URL(url).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      ...{ client_id: CLIENT.clientId, response_type: 'code', code_challenge_method: 'S256' },
      redirect_uri: 'http://localhost:4100/sign-in/callback',
    });
    const idToken = await new SignJWT({ ...claims, nonce: lie.nonce ?? asked.get('nonce') })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setIssuer(lie.issuer ?? this.issuer)
      .setAudience(lie.audience ?? CLIENT.clientId)
      .setIssuedAt()
      .setExpirationTime(lie.expiresIn ?? '5 minutes')
      .sign(lie.forged === true ? this.foreign : this.keys.privateKey);
    const code = noteSecret('code', randomBytes(16).toString('base64url'));
    const redirectUri = asked.get('redirect_uri') ?? '';
    this.codes.set(code, { challenge: asked.get('code_challenge') ?? '', redirectUri, idToken });
    return new URLSearchParams({ code, state: asked.get('state') ?? '', iss: this.issuer }).toString();
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) =>
      this.server.close(() => {
        resolve();
      }),
    );
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; body: object }> {
    if (this.broken !== undefined) return { status: this.broken, body: {} };
    const { issuer } = this;
    switch (request.url) {
      case '/.well-known/openid-configuration':
        return {
          status: 200,
          body: {
            ...{
              issuer,
              authorization_endpoint: `${issuer}/auth`,
              token_endpoint: `${issuer}/token`,
              jwks_uri: `${issuer}/jwks`,
            },
            ...{ response_types_supported: ['code'], subject_types_supported: ['public'] },
            id_token_signing_alg_values_supported: ['RS256'],
            authorization_response_iss_parameter_supported: true,
            token_endpoint_auth_methods_supported: this.methods,
          },
        };
      case '/jwks':
        return {
          status: 200,
          body: { keys: [{ ...(await exportJWK(this.keys.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }] },
        };
      case '/token':
        return this.redeem(request);
      default:
        return { status: 404, body: {} };
    }
  }

  private async redeem(request: IncomingMessage): Promise<{ status: number; body: object }> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const sent = new URLSearchParams(Buffer.concat(chunks).toString());
    const issued = this.codes.get(sent.get('code') ?? '');
    this.codes.delete(sent.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(sent.get('code_verifier') ?? '')
      .digest('base64url');
    if (presented(request, sent) !== `${CLIENT.clientId}:${CLIENT.clientSecret}`)
      return { status: 401, body: { error: 'invalid_client' } };
    if (issued?.challenge !== challenge || issued.redirectUri !== sent.get('redirect_uri'))
      return { status: 400, body: { error: 'invalid_grant' } };
    return {
      status: 200,
      body: { access_token: 'unused', token_type: 'Bearer', expires_in: 60, id_token: issued.idToken },
    };
  }
}

/** Client id and secret as they came: by Basic, form-encoded, or in the body. @see RFC 6749 §2.3.1 */
function presented({ headers }: IncomingMessage, body: URLSearchParams): string {
  const basic = /^Basic (.+)$/.exec(headers.authorization ?? '')?.[1];
  if (basic === undefined) return `${body.get('client_id') ?? ''}:${body.get('client_secret') ?? ''}`;
  return decodeURIComponent(Buffer.from(basic, 'base64').toString());
}

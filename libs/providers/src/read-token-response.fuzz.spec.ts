import fc from 'fast-check';
import { upstreamWith } from '../test/upstreams.js';
import { CATALOGUE } from './catalogue/index.js';
import { readIdToken } from './read-id-token.js';
import { readUserinfo } from './read-identity.js';
import { readRevocationResponse } from './read-revocation-response.js';
import { readTokenResponse } from './read-token-response.js';
import { UpstreamError } from './upstream-error.js';
import type { WireResponse } from './wire.js';

const SECRET = 'hunter2-hunter2';
/** Fields of any provider's answers, nested ones too. */
const field = fc.constantFrom(
  ...[
    'access_token',
    'refresh_token',
    'id_token',
    'expires_in',
    'scope',
    'error',
    'error_description',
    'authed_user',
    'body',
  ],
  ...['status', 'ok', 'sub', 'id', 'errors', '__proto__', 'constructor', 'x'],
);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.constant(SECRET),
    fc.jsonValue(),
    fc.dictionary(field, tie('any')),
    fc.array(tie('any')),
  ),
})).any;
const object = fc.dictionary(field, value);
const body = fc.oneof(
  object.map((json) => JSON.stringify(json)),
  fc
    .tuple(object, fc.constantFrom('invalid_grant', 'x y', 7))
    .map(([json, error]) => JSON.stringify({ ...json, error })),
  fc.tuple(object, fc.nat(200)).map(([json, length]) => JSON.stringify(json).slice(0, length)),
  fc.string({ unit: 'binary' }).map((text) => `${text}${SECRET}`),
  fc.constantFrom(`access_token=${SECRET}`, `access_token=${SECRET}&error=no`, `<html>${SECRET}</html>`, `\uFEFF{}`),
);
const response: fc.Arbitrary<WireResponse> = fc.record({
  status: fc.constantFrom(200, 200, 200, 201, 302, 400, 401, 429, 500, 503),
  contentType: fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'text/html', undefined),
  body,
});
const upstream = fc.constantFrom(
  ...CATALOGUE.map((provider) => upstreamWith({ ...provider }, { issuer: 'https://id.example.com' })),
);

/** All that a log could show of an error. */
const shown = (error: Error): string =>
  [error.message, error.stack, JSON.stringify(error), JSON.stringify(error.cause), String(error.cause)].join(' ');

function expectTypedError(error: unknown): void {
  if (!(error instanceof UpstreamError)) throw error;
  expect(shown(error)).not.toContain(SECRET);
}

function survive(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    expectTypedError(error);
  }
}

describe('any answer of any provider gives something good or an UpstreamError that repeats no secret', () => {
  it.each(['code', 'refresh'] as const)('from the token endpoint, for a %s', (purpose) => {
    fc.assert(
      fc.property(upstream, response, (reached, given) => {
        survive(() => {
          const tokens = readTokenResponse(reached, given, ['a'], purpose, new Date(0));
          expect(tokens.accessToken).toMatch(/^[\x20-\x7E]+$/);
          expect([typeof tokens.expiresIn, tokens.scopes.every((scope) => typeof scope === 'string')]).toEqual([
            tokens.expiresIn === null ? 'object' : 'number',
            true,
          ]);
        });
      }),
      { numRuns: 1_000 },
    );
  });

  it('from userinfo and from revocation', () => {
    fc.assert(
      fc.property(
        upstream,
        response,
        fc.option(fc.constant('somebody'), { nil: undefined }),
        (reached, given, subject) => {
          survive(() => {
            const identity = readUserinfo(reached, given, subject);
            expect(identity.subject.length).toBeGreaterThan(0);
            expect(identity.subject.length).toBeLessThan(256);
          });
          survive(() => {
            readRevocationResponse(reached, given);
          });
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('as an id_token', async () => {
    await fc.assert(
      fc.asyncProperty(upstream, body, fc.jsonValue(), async (reached, token, jwks) => {
        const expected = { upstream: reached, clientId: 'broker', nonce: SECRET, now: new Date(0) };
        await readIdToken(token, jwks, expected).catch(expectTypedError);
      }),
      { numRuns: 300 },
    );
  });
});

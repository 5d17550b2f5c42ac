import fc from 'fast-check';
import { parseClientCredentials } from './client-credentials.js';
import { OAuthError } from './oauth-error.js';
import { parseParameters } from './parameters.js';

const NO_BODY = parseParameters('');
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const formEncode = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);
const body = (fields: Record<string, string>) => parseParameters(new URLSearchParams(fields).toString());

function refusalOf(authorization: string | undefined, raw: string): OAuthError {
  try {
    parseClientCredentials(authorization, parseParameters(raw));
  } catch (error) {
    if (error instanceof OAuthError) return error;
    throw error;
  }
  throw new Error('accepted');
}

/** Ids and secrets a console may hold: printable ASCII. */
const secret = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 1,
});
const plainId = secret.filter((id) => !id.includes(':'));

describe('credentials in the body (R66)', () => {
  it('are read as they are', () => {
    fc.assert(
      fc.property(secret, secret, (clientId, clientSecret) => {
        const parameters = body({ client_id: clientId, client_secret: clientSecret });
        expect(parseClientCredentials(undefined, parameters)).toEqual([{ clientId, clientSecret }]);
      }),
    );
  });

  it.each(['', 'client_id=a', 'client_secret=b', 'client_id=a&client_secret=', 'client_id=%zz&client_secret=b'])(
    'are missing in %j',
    (raw) => {
      expect(refusalOf(undefined, raw)).toMatchObject({ code: 'invalid_client', status: 401, mayRedirect: false });
    },
  );
});

describe('credentials in the header (R67)', () => {
  it.each([
    ['as they are', (text: string) => text],
    ['form-encoded, as RFC 6749 §2.3.1 asks', formEncode],
  ])('are read %s', (_, encode) => {
    fc.assert(
      fc.property(plainId, secret, (clientId, clientSecret) => {
        const readings = parseClientCredentials(basic(`${encode(clientId)}:${encode(clientSecret)}`), NO_BODY);
        expect(readings).toContainEqual({ clientId, clientSecret });
      }),
    );
  });

  it.each([
    'https://pitangui.amazon.com/',
    'https://layla.amazon.com/',
    'https://alexa.example:8443/',
    'urn:acme',
    'alexa lights+50%',
  ])('may have the id %j (R20)', (clientId) => {
    const wanted = { clientId, clientSecret: 'a+b/c%2B:d' };
    expect(parseClientCredentials(basic(`${clientId}:${wanted.clientSecret}`), NO_BODY)).toContainEqual(wanted);
    const encoded = basic(`${formEncode(clientId)}:${formEncode(wanted.clientSecret)}`);
    expect(parseClientCredentials(encoded, NO_BODY)).toContainEqual(wanted);
  });

  it('take the plain reading first, and have one only where there is nothing to decode', () => {
    expect(parseClientCredentials(basic('id:secret'), NO_BODY)).toEqual([{ clientId: 'id', clientSecret: 'secret' }]);
    expect(parseClientCredentials(basic('id:a+b'), NO_BODY)).toEqual([
      { clientId: 'id', clientSecret: 'a+b' },
      { clientId: 'id', clientSecret: 'a b' },
    ]);
    expect(parseClientCredentials(basic('id:50%off'), NO_BODY)).toEqual([{ clientId: 'id', clientSecret: '50%off' }]);
  });

  it.each(['basic', 'BASIC', 'Basic  '])('may be announced as %j', (scheme) => {
    const header = `${scheme} ${Buffer.from('id:secret').toString('base64')}`;
    expect(parseClientCredentials(header, NO_BODY)).toEqual([{ clientId: 'id', clientSecret: 'secret' }]);
  });

  it.each([
    ['nothing', ''],
    ['no value', 'Basic'],
    ['an empty value', 'Basic '],
    ['another scheme', 'Bearer abcdef'],
    ['no base64', 'Basic !!!!'],
    ['two values', `${basic('a:b')} ${basic('a:b')}`],
    ['no colon', basic('idsecret')],
    ['an empty id', basic(':secret')],
    ['only a colon', basic(':')],
  ])('are missing in %s', (_, header) => {
    expect(refusalOf(header, '')).toMatchObject({ code: 'invalid_client', status: 401 });
  });

  it('stay few, however many colons there are', () => {
    expect(parseClientCredentials(basic('a%41:'.repeat(5_000)), NO_BODY).length).toBeLessThan(10);
  });
});

describe('credentials in both (R69)', () => {
  it.each(['client_id=id', 'client_id=id&client_secret=secret', 'client_secret=secret', 'client_id='])(
    'are fine where they agree: %j',
    (raw) => {
      expect(parseClientCredentials(basic('id:secret'), parseParameters(raw))).toEqual([
        { clientId: 'id', clientSecret: 'secret' },
      ]);
    },
  );

  it('settle which reading of the header is meant', () => {
    const header = basic('https://layla.amazon.com/:secret');
    expect(parseClientCredentials(header, body({ client_id: 'https://layla.amazon.com/' }))).toEqual([
      { clientId: 'https://layla.amazon.com/', clientSecret: 'secret' },
    ]);
  });

  it.each(['client_id=other', 'client_secret=other', 'client_id=id&client_secret=other', 'client_id=ID'])(
    'are refused where they do not: %j',
    (raw) => {
      expect(refusalOf(basic('id:secret'), raw)).toMatchObject({ code: 'invalid_request', status: 400 });
    },
  );

  it('do not rescue a header that cannot be read', () => {
    expect(refusalOf('Bearer x', 'client_id=id&client_secret=secret').code).toBe('invalid_client');
  });
});

describe('garbage', () => {
  const header = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'binary' }).map((text) => `Basic ${text}`),
    fc.uint8Array().map((octets) => `Basic ${Buffer.from(octets).toString('base64')}`),
    fc.string({ unit: fc.constantFrom(':', '%', '+', 'a', '%41', '%zz', '\u0000') }).map(basic),
  );

  it('gives readings or an OAuthError that repeats none of it, and nothing else', () => {
    fc.assert(
      fc.property(fc.option(header, { nil: undefined }), fc.string({ unit: 'binary' }), (authorization, raw) => {
        try {
          expect(parseClientCredentials(authorization, parseParameters(raw)).length).toBeGreaterThan(0);
        } catch (error) {
          if (!(error instanceof OAuthError)) throw error;
          expect([
            'Client authentication is missing.',
            'Authorization header and body name different clients.',
          ]).toContain(error.description);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

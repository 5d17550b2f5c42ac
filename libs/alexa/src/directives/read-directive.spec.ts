import fc from 'fast-check';
import { acceptGrantError, acceptGrantResponse, buildAcceptGrant } from './accept-grant.js';
import { buildAcceptGrantError, buildAcceptGrantResponse, buildInvalidDirective } from './directive-answers.js';
import { readDirective } from './read-directive.js';

const built = buildAcceptGrant({ code: 'code', token: 'token', messageId: 'one' });
const header = built.directive.header;
const read = (value: unknown) => readDirective(JSON.stringify(value));

test('AcceptGrant is read whole', () => {
  expect(read(built)).toEqual({ kind: 'accept-grant', directive: built.directive });
});

test.each([
  ['no payload', { ...built.directive, payload: undefined }],
  [
    'no code',
    { ...built.directive, payload: { ...built.directive.payload, grant: { type: 'OAuth2.AuthorizationCode' } } },
  ],
  ['another version', { ...built.directive, header: { ...header, payloadVersion: '2' } }],
])('AcceptGrant with %s is broken, and its correlation token is known', (_, directive) => {
  const correlated = { ...directive, header: { ...directive.header, correlationToken: 'x' } };
  expect(read({ directive: correlated })).toEqual({ kind: 'broken-accept-grant', correlationToken: 'x' });
});

test('another directive is told apart', () => {
  const discover = {
    directive: { header: { ...header, namespace: 'Alexa.Discovery', name: 'Discover' }, payload: {} },
  };
  expect(read(discover)).toEqual({ kind: 'other', correlationToken: undefined });
});

test.each([
  '',
  'null',
  '[]',
  '{',
  '{"directive":1}',
  '{"directive":{"header":{"name":"AcceptGrant"}}}',
  '{"event":{}}',
])('%s is no directive', (text) => expect(readDirective(text)).toEqual({ kind: 'no-directive' }));

test('no text makes it throw', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readDirective(text)));
});

test.each([undefined, 'x'])(
  'answers have the shapes that Alexa knows, with correlation token %s',
  (correlationToken) => {
    const parts = { messageId: 'two', correlationToken };
    const accepted = buildAcceptGrantResponse(parts);
    expect(acceptGrantResponse.parse(accepted)).toEqual(accepted);
    const failed = buildAcceptGrantError(parts, 'why');
    expect(acceptGrantError.parse(failed)).toEqual(failed);
    for (const { event } of [accepted, failed, buildInvalidDirective(parts, 'why')]) {
      expect(Object.hasOwn(event.header, 'correlationToken')).toBe(correlationToken !== undefined);
    }
  },
);

import fc from 'fast-check';
import { acceptGrantDirective, acceptGrantError, acceptGrantResponse, buildAcceptGrant } from './accept-grant.js';

const header = { namespace: 'Alexa.Authorization', payloadVersion: '3', messageId: 'one' };
const response = { event: { header: { ...header, name: 'AcceptGrant.Response' }, payload: {} } };
const failed = { type: 'ACCEPT_GRANT_FAILED', message: 'Login with Amazon did not answer' };
const error = { event: { header: { ...header, name: 'ErrorResponse' }, payload: failed } };

const withHeader = (base: typeof response | typeof error, change: Record<string, unknown>) => ({
  event: { ...base.event, header: { ...base.event.header, ...change } },
});
const withPayload = (base: typeof response | typeof error, payload: unknown) => ({ event: { ...base.event, payload } });

test('any code and token make a directive that can be read again', () => {
  const text = fc.string({ minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(text, text, (code, token) => {
      const built = buildAcceptGrant({ code, token, messageId: 'one' });
      const read = acceptGrantDirective.parse(JSON.parse(JSON.stringify(built)));
      expect([read.directive.payload.grant.code, read.directive.payload.grantee.token]).toEqual([code, token]);
      expect(read.directive.header).not.toHaveProperty('correlationToken');
    }),
  );
});

test('a directive with a correlation token and members that nobody knows yet is read', () => {
  const { directive } = buildAcceptGrant({ code: 'c', token: 't', messageId: 'one' });
  const more = { directive: { ...directive, header: { ...directive.header, correlationToken: 'x', extra: 1 } } };
  expect(acceptGrantDirective.parse(more).directive.header.correlationToken).toBe('x');
});

test('both answers are read, with a correlation token and without', () => {
  expect(acceptGrantResponse.safeParse(response).success).toBe(true);
  expect(acceptGrantResponse.safeParse(withHeader(response, { correlationToken: 'x' })).success).toBe(true);
  expect(acceptGrantError.safeParse(error).success).toBe(true);
});

test.each([
  ['another namespace', withHeader(response, { namespace: 'Alexa' })],
  ['another name', withHeader(response, { name: 'Response' })],
  ['another version', withHeader(response, { payloadVersion: '2' })],
  ['a version that is a number', withHeader(response, { payloadVersion: 3 })],
  ['no message id', withHeader(response, { messageId: undefined })],
  ['a payload that is not empty', withPayload(response, { ok: true })],
  ['no payload', withPayload(response, undefined)],
  ['the event without its frame', response.event],
])('an answer with %s does not accept', (_, answer) => {
  expect(acceptGrantResponse.safeParse(answer).success).toBe(false);
});

test.each([
  ['the general namespace', withHeader(error, { namespace: 'Alexa' })],
  ['another type', withPayload(error, { ...failed, type: 'INTERNAL_ERROR' })],
  ['no message', withPayload(error, { type: failed.type })],
  ['an empty message', withPayload(error, { ...failed, message: '' })],
])('an error with %s is none that Alexa knows', (_, answer) => {
  expect(acceptGrantError.safeParse(answer).success).toBe(false);
});

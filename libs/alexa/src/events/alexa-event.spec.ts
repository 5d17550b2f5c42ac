import fc from 'fast-check';
import { buildGatewayRequest, eventOrder, readGatewayAnswer } from './alexa-event.js';

const header = { namespace: 'Alexa', name: 'ChangeReport', payloadVersion: '3', messageId: 'm-1' };
const change = { header, endpoint: { endpointId: 'lamp-1', cookie: {} }, payload: { change: { cause: {} } } };
const report = {
  header: { ...header, namespace: 'Alexa.Discovery', name: 'AddOrUpdateReport' },
  payload: { endpoints: [] },
};
const link = '0197a0c0-0000-7000-8000-000000000001';
const bodyOf = (event: object, context?: object): Record<string, unknown> => {
  const { event: read, context: about } = eventOrder.parse({ link, event, context });
  return JSON.parse(
    buildGatewayRequest('https://api.eu.amazonalexa.com', 'Atza|x', { event: read, context: about }).body,
  ) as never;
};

test('the token is in the header and, of a change, in its endpoint', () => {
  const request = buildGatewayRequest('https://api.eu.amazonalexa.com', 'Atza|x', { event: change as never });
  expect(request).toMatchObject({
    url: 'https://api.eu.amazonalexa.com/v3/events',
    headers: { authorization: 'Bearer Atza|x' },
  });
  const scope = { type: 'BearerToken', token: 'Atza|x' };
  expect(bodyOf(change, { properties: [] })).toEqual({
    context: { properties: [] },
    event: { ...change, endpoint: { ...change.endpoint, scope } },
  });
});

test('of a report of discovery it is in the payload', () => {
  const scope = { type: 'BearerToken', token: 'Atza|x' };
  expect(bodyOf(report)).toEqual({ event: { ...report, payload: { endpoints: [], scope } } });
});

test.each([
  ['no link', { event: change }],
  ['a link that is no id', { link: 'alice', event: change }],
  ['no event', { link }],
  ['no message id', { link, event: { ...change, header: { ...header, messageId: undefined } } }],
  ['a message id with a line break', { link, event: { ...change, header: { ...header, messageId: 'a\nb' } } }],
  ['another version', { link, event: { ...change, header: { ...header, payloadVersion: '2' } } }],
  ['no payload', { link, event: { ...change, payload: undefined } }],
  ['301 endpoints', { link, event: { ...report, payload: { endpoints: Array.from({ length: 301 }, () => ({})) } } }],
  ['a key that is unknown', { link, event: change, skill: 'x' }],
])('an order with %s is none', (_, order) => {
  expect(eventOrder.safeParse(order).success).toBe(false);
});

test.each([
  [202, undefined, 'delivered'],
  [200, undefined, 'delivered'],
  [400, 'INVALID_REQUEST_EXCEPTION', 'refused'],
  [401, 'INVALID_ACCESS_TOKEN_EXCEPTION', 'token'],
  [403, 'SKILL_NEVER_ENABLED_EXCEPTION', 'elsewhere'],
  [403, 'SKILL_DISABLED_EXCEPTION', 'disabled'],
  [403, 'INSUFFICIENT_PERMISSION_EXCEPTION', 'refused'],
  [403, undefined, 'refused'],
  [404, 'SKILL_NOT_FOUND_EXCEPTION', 'refused'],
  [413, 'REQUEST_ENTITY_TOO_LARGE_EXCEPTION', 'refused'],
  [429, 'THROTTLING_EXCEPTION', 'later'],
  [500, 'INTERNAL_SERVICE_EXCEPTION', 'later'],
  [503, 'SERVICE_UNAVAILABLE_EXCEPTION', 'later'],
  [302, undefined, 'later'],
])('%s %s is %s, whichever member names it', (status, code, kind) => {
  for (const payload of [{ code }, { type: code }]) {
    expect(readGatewayAnswer({ status, body: JSON.stringify({ payload }) })).toEqual({
      kind,
      status,
      code: code ?? null,
    });
  }
});

test('no answer makes it throw, and no text gets through as a code', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 100, max: 599 }),
      fc.oneof(fc.string(), fc.json()),
      fc.string(),
      (status, body, code) => {
        readGatewayAnswer({ status, body });
        const { code: read } = readGatewayAnswer({ status, body: JSON.stringify({ payload: { code } }) });
        expect(read === null || /^[A-Z_]{1,60}$/.test(read)).toBe(true);
      },
    ),
  );
});

import type { Seen } from '../src/index.js';
import type { Answer, Grant, Handler, HandlerEvent, Parts } from './parts.js';

/** A fault: what one part of the server does instead. */
export type Fault = (parts: Parts) => Partial<Parts>;

const change =
  (edit: (answer: Answer) => Partial<Answer>): Fault =>
  (parts) => ({ tokenAnswer: (answer, form) => ({ ...answer, ...edit(parts.tokenAnswer(answer, form)) }) });

const onRefresh =
  (edit: (answer: Answer) => Partial<Answer>): Fault =>
  (parts) => ({
    tokenAnswer: (answer, form) => {
      const usual = parts.tokenAnswer(answer, form);
      return form.get('grant_type') === 'refresh_token' && answer.status === 200 ? { ...usual, ...edit(usual) } : usual;
    },
  });

const onSuccess =
  (edit: (answer: Answer) => Partial<Answer>): Fault =>
  (parts) => ({
    tokenAnswer: (answer, form) => {
      const usual = parts.tokenAnswer(answer, form);
      return answer.status === 200 ? { ...usual, ...edit(usual) } : usual;
    },
  });

const onError =
  (edit: (answer: Answer) => Partial<Answer>): Fault =>
  (parts) => ({
    tokenAnswer: (answer, form) => {
      const usual = parts.tokenAnswer(answer, form);
      return answer.status >= 400 ? { ...usual, ...edit(usual) } : usual;
    },
  });

const member = (name: string, value: unknown) => onSuccess(({ json }) => ({ json: { ...json, [name]: value } }));
const without =
  (...names: readonly string[]) =>
  ({ json }: Answer): Partial<Answer> => ({
    json: Object.fromEntries(Object.entries(json).filter(([name]) => !names.includes(name))),
  });
const header =
  (name: string, value: string) =>
  ({ headers }: Answer): Partial<Answer> => ({
    headers: { ...headers, [name]: value },
  });
const state =
  (edit: (state: string) => string | undefined): Fault =>
  (parts) => ({
    location: (request, code) => parts.location({ ...request, state: edit(request.state ?? '') }, code),
  });
const location =
  (edit: (location: string) => string): Fault =>
  (parts) => ({
    location: (request, code) => edit(parts.location(request, code)),
  });
const page =
  (edit: (page: string) => string): Fault =>
  (parts) => ({ page: (handle) => edit(parts.page(handle)) });
const seen =
  (change: Partial<Seen>): Fault =>
  (parts) => ({ seen: { ...parts.seen, ...change } });
const handler =
  (change: Partial<Handler>): Fault =>
  (parts) => ({ handler: { ...parts.handler, ...change } });
/** The handler says this whatever it is asked. */
const says = (text: string, status = 200): Fault => handler({ answer: () => ({ text, status }) });
const accepting = (change: Readonly<Record<string, unknown>>): Fault =>
  handler({ redeems: () => true, answer: edited((event) => ({ ...event, header: { ...event.header, ...change } })) });
const acceptingWith = (payload: Readonly<Record<string, unknown>>): Fault =>
  handler({ redeems: () => true, answer: edited((event) => ({ ...event, payload })) });
const edited =
  (edit: (event: HandlerEvent) => HandlerEvent): Handler['answer'] =>
  (event) => ({ status: 200, text: JSON.stringify({ event: edit(event) }) });
const took =
  (ms: number): Handler['answer'] =>
  (event) => ({ status: 200, text: JSON.stringify({ event }), took: ms });
const asLatin1 = (text: string): string => Buffer.from(text, 'latin1').toString('utf8');

const refuseOld = (keep: number, kill: boolean) => (): Partial<Parts> => ({
  acceptsRefresh: (grant: Grant, generation: number) => {
    if (grant.generation - generation <= keep) return true;
    if (kill) grant.dead = true;
    return false;
  },
});

/** Faults against what Alexa demands: the rule that finds each, and the server that has it and nothing else wrong. */
export const MUST_FAULTS: Readonly<Record<string, readonly [rule: string, fault: Fault]>> = {
  'the code is redeemed after 5 s': ['R12', onSuccess(header('x-took', '5000'))],
  'tokens are refreshed after 4.6 s': ['R12', onRefresh(header('x-took', '4600'))],
  'errors are held back for 6 s': ['R12', onError(header('x-took', '6000'))],
  'the token endpoint hangs': ['R12', change(header('x-hangs', '1'))],
  'one region is not registered': [
    'R22',
    ({ redirectUris }) => ({ acceptsRedirectUri: (uri) => redirectUris.slice(0, 2).includes(uri) }),
  ],
  'redirect URIs match by prefix': [
    'R23',
    ({ redirectUris }) => ({ acceptsRedirectUri: (uri) => redirectUris.some((known) => uri.startsWith(known)) }),
  ],
  'redirect URIs match by host': [
    'R23',
    ({ redirectUris }) => ({
      acceptsRedirectUri: (uri) => redirectUris.some((known) => new URL(known).host === new URL(uri).host),
    }),
  ],
  'redirect URIs match by prefix, after the sign-in': [
    'R23',
    ({ redirectUris }) => ({
      asksFirst: true,
      acceptsRedirectUri: (uri) => redirectUris.some((known) => uri.startsWith(known)),
    }),
  ],
  'unknown clients are redirected, after the sign-in': ['R23', () => ({ asksFirst: true, acceptsClient: () => true })],
  'wrong redirect URIs get an error by redirect': ['R23', () => ({ refuses: 'by redirect' })],
  'unknown clients are redirected': ['R23', () => ({ acceptsClient: () => true, refuses: 'unknown clients' })],
  'the state is dropped': ['R27', state(() => undefined)],
  'the state is in lower case': ['R27', state((text) => text.toLowerCase())],
  'the state is made anew': ['R27', state(() => 'my-own-state')],
  'the state is read as Latin-1': ['R27', state(asLatin1)],
  'the state is cut to 255': ['R28', state((text) => text.slice(0, 255))],
  'the state is cut to 1,024': ['R28', state((text) => text.slice(0, 1_024))],
  'states of more than 2,000 are refused': ['R28', () => ({ longestState: 2_000 })],
  "'+' in the state is a space": ['R29', state((text) => text.replaceAll('+', ' '))],
  "'=' at the end of the state is cut": ['R29', state((text) => text.replace(/=+$/, ''))],
  'the page has no viewport': ['R36', page((html) => html.replace('viewport', 'nothing'))],
  'the page opens a tab': ['R37', page((html) => `${html}<a href="/terms" target="_blank">Terms</a>`)],
  'the page opens a window': ['R37', page((html) => `${html}<script>window.open('/terms')</script>`)],
  'the page alerts': ['R37', page((html) => `${html}<script>alert('hello')</script>`)],
  'a dialog opens while somebody signs in': ['R37', seen({ windows: ['a dialog of the kind alert'] })],
  'a form may not lead to Alexa': [
    'R40',
    (parts) => ({ endsOnPage: true, ...seen({ blocked: ['id.example.com'] })(parts) }),
  ],
  'the cookies have 9,000 octets': ['R46', seen({ cookieOctets: 9_000 })],
  'a page loads from a host that is not listed': ['R52', seen({ otherHosts: ['fonts.example.net'] })],
  'codes have 9,000 characters': ['R46', () => ({ codeLength: 9_000 })],
  "the answer stands after '#'": ['R57', location((url) => url.replace('?', '#'))],
  "the answer begins with '&'": ['R57', location((url) => url.replace('?', '&'))],
  'the redirect goes to the front page': ['R57', location(() => 'https://pitangui.amazon.com/')],
  'the redirect has no code': ['R57', location((url) => url.replace('code=', 'kode='))],
  'the code stands there twice': ['R57', location((url) => `${url}&code=again`)],
  'the redirect has 307 and sends the password along': ['R57', () => ({ redirectStatus: 307 })],
  'the sign-in ends on a page': ['R57', () => ({ endsOnPage: true })],
  'refusals lose the state': ['R58', () => ({ refusalState: () => undefined })],
  'refusals change the state': ['R58', () => ({ refusalState: () => 'another' })],
  'codes are good for any redirect URI': ['R63', () => ({ bindsCode: false })],
  'codes are good for any client': ['R63', () => ({ bindsClient: false })],
  'the verifier may be missing': ['R72', () => ({ acceptsVerifier: (sent, right) => sent === null || right })],
  'any verifier will do': ['R72', () => ({ acceptsVerifier: (sent) => sent !== null })],
  'success is 201': ['R74', onSuccess(() => ({ status: 201 }))],
  'a refresh is 202': ['R74', onRefresh(() => ({ status: 202 }))],
  'success is a redirect': ['R74', onSuccess(() => ({ status: 302 }))],
  'the answer is a form': [
    'R75',
    onSuccess(({ json }) => ({ text: new URLSearchParams(json as Record<string, string>).toString() })),
  ],
  'the answer is in a list': ['R75', onSuccess(({ json }) => ({ text: JSON.stringify([json]) }))],
  'a refresh answers with a page': ['R75', onRefresh(() => ({ text: '<h1>Welcome back</h1>' }))],
  'the answer says it is a page': ['R76', onSuccess(header('content-type', 'text/html'))],
  'the answer may be cached': ['R76', onSuccess(header('cache-control', 'max-age=60'))],
  'the access token has another name': ['R77', onSuccess(({ json }) => ({ json: { token: json['access_token'] } }))],
  'codes are always refused': ['R77', () => ({ acceptsCode: false })],
  'there is no refresh token': ['R78', onSuccess(without('refresh_token'))],
  'refresh tokens are never accepted': ['R78', () => ({ acceptsRefresh: () => false })],
  'access tokens live 300 seconds': ['R80', member('expires_in', 300)],
  'access tokens live 0 seconds': ['R80', member('expires_in', 0)],
  'the lifetime is a word': ['R80', member('expires_in', 'soon')],
  'refreshed access tokens live a minute': ['R80', onRefresh(({ json }) => ({ json: { ...json, expires_in: 60 } }))],
  'refreshes do not say the lifetime': ['R83', onRefresh(without('expires_in'))],
  'errors have status 200': ['R91', onError(() => ({ status: 200 }))],
  'errors are pages': ['R91', onError(() => ({ text: '<h1>Bad request</h1>' }))],
  'errors have no code': ['R91', onError(() => ({ json: { message: 'no' } }))],
  'a replaced refresh token is dead at once': ['R100', refuseOld(0, false)],
  'a late refresh token ends the link': ['R102', refuseOld(1, true)],
  'a refresh token works twice and no more': [
    'R106',
    () => ({
      acceptsRefresh: (grant: Grant, generation: number) => {
        const times = (grant.presented.get(generation) ?? 0) + 1;
        grant.presented.set(generation, times);
        return times <= 2;
      },
    }),
  ],
  'the handler is not there': ['R148', says('not found', 404)],
  'the handler breaks': ['R148', says('{"message":"Internal Server Error"}', 502)],
  'the handler hangs': ['R148', handler({ hangs: true })],
  'the handler takes 8.2 s': ['R148', handler({ answer: took(8_200) })],
  'the handler returns nothing': ['R149', says('')],
  'the handler returns null': ['R149', says('null')],
  'the handler returns a promise': ['R149', says('{}')],
  'the handler answers later': ['R149', says('', 202)],
  'the handler returns a page': ['R149', says('<h1>Hello</h1>')],
  'the handler leaves the frame out': [
    'R149',
    handler({ answer: (event) => ({ status: 200, text: JSON.stringify(event) }) }),
  ],
  'the handler accepts in the general namespace': ['R152', accepting({ namespace: 'Alexa' })],
  'the handler accepts by another name': ['R152', accepting({ name: 'Response' })],
  'the handler accepts with another version': ['R152', accepting({ payloadVersion: 3 })],
  'the handler accepts without a message id': ['R152', accepting({ messageId: undefined })],
  'the handler accepts with a payload': ['R152', acceptingWith({ accepted: true })],
  'the handler refuses in the general namespace': [
    'R153',
    handler({ answer: edited((event) => ({ ...event, header: { ...event.header, namespace: 'Alexa' } })) }),
  ],
  'the handler refuses with another type': [
    'R153',
    handler({ answer: edited((event) => ({ ...event, payload: { type: 'INTERNAL_ERROR', message: 'no' } })) }),
  ],
  'the handler refuses without a message': [
    'R153',
    handler({ answer: edited((event) => ({ ...event, payload: { type: 'ACCEPT_GRANT_FAILED' } })) }),
  ],
  'the client secret is not looked at': ['R140', () => ({ checksSecret: false })],
};

/** Against what is advised, or without a source: a warning each, and no MUST fails. */
export const SHOULD_FAULTS: Readonly<Record<string, readonly [rule: string, fault: Fault]>> = {
  'challenges are ignored': ['R4', () => ({ acceptsVerifier: () => true })],
  'a raw plus is a space': ['R29', () => ({ readsPlusAsSpace: true })],
  'unknown parameters are refused': ['R33', () => ({ refusesUnknown: true })],
  'a script ends in an error': ['R36', seen({ errors: ['TypeError'] })],
  'a page is wider than a phone': ['R36', seen({ width: 612 })],
  'the cookies have 5,000 octets': ['R46', seen({ cookieOctets: 5_000 })],
  'an https page wants something by http': ['R48', seen({ insecure: ['cdn.example.com'] })],
  'the handler accepts any code': ['R148', handler({ redeems: () => true })],
  'the correlation token does not come back': [
    'R154',
    handler({ answer: edited((event) => ({ ...event, header: { ...event.header, correlationToken: undefined } })) }),
  ],
  'the handler takes 5 s': ['R158', handler({ answer: took(5_000) })],
  'codes have 200 characters': ['R46', () => ({ codeLength: 200 })],
  'impossible requests end on a page': ['R58', () => ({ refusalState: () => null })],
  'codes work twice': ['R59', () => ({ singleUse: false })],
  'a code used twice ends the link': ['R60', () => ({ replayKills: true })],
  'a charset is not understood': ['R65', () => ({ exactType: true })],
  'only one scheme is accepted': ['R69', () => ({ schemes: ['body'] })],
  'there is no Pragma': ['R76', onSuccess(header('pragma', ''))],
  'there is no token type': ['R79', onSuccess(without('token_type'))],
  'nothing says the lifetime of the first': [
    'R80',
    onSuccess(({ json }) => without(json['first'] ? 'expires_in' : '')({ json } as Answer)),
  ],
  'the lifetime is in quotes': ['R84', member('expires_in', '3600')],
  'access tokens are long': ['R86', member('access_token', 'a'.repeat(3_000))],
  'errors have codes of their own': ['R90', onError(() => ({ json: { error: 'bad_verification_code' } }))],
  'old refresh tokens end alone': ['R101', refuseOld(1, false)],
  'refreshes have no refresh token': ['R103', onRefresh(without('refresh_token'))],
  'a refresh ends the access token': ['R107', () => ({ refreshEndsAccess: true })],
};

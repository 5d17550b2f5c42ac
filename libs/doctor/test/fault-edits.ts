import type { Seen } from '../src/index.js';
import type { Answer, Grant, Handler, HandlerEvent, Parts } from './parts.js';

/** A fault: what one part of the server does instead. */
export type Fault = (parts: Parts) => Partial<Parts>;

export const change =
  (edit: (answer: Answer) => Partial<Answer>): Fault =>
  (parts) => ({ tokenAnswer: (answer, form) => ({ ...answer, ...edit(parts.tokenAnswer(answer, form)) }) });

/** Changes those answers of the token endpoint that were of this kind before any fault. */
const where =
  (isOne: (answer: Answer, form: URLSearchParams) => boolean) =>
  (edit: (answer: Answer) => Partial<Answer>): Fault =>
  (parts) => ({
    tokenAnswer: (answer, form) => {
      const usual = parts.tokenAnswer(answer, form);
      return isOne(answer, form) ? { ...usual, ...edit(usual) } : usual;
    },
  });

export const onRefresh = where(({ status }, form) => form.get('grant_type') === 'refresh_token' && status === 200);
export const onSuccess = where(({ status }) => status === 200);
export const onError = where(({ status }) => status >= 400);

export const member = (name: string, value: unknown) => onSuccess(({ json }) => ({ json: { ...json, [name]: value } }));
export const without =
  (...names: readonly string[]) =>
  ({ json }: Answer): Partial<Answer> => ({
    json: Object.fromEntries(Object.entries(json).filter(([name]) => !names.includes(name))),
  });
export const header =
  (name: string, value: string) =>
  ({ headers }: Answer): Partial<Answer> => ({
    headers: { ...headers, [name]: value },
  });
export const state =
  (edit: (state: string) => string | undefined): Fault =>
  (parts) => ({
    location: (request, code) => parts.location({ ...request, state: edit(request.state ?? '') }, code),
  });
export const location =
  (edit: (location: string) => string): Fault =>
  (parts) => ({
    location: (request, code) => edit(parts.location(request, code)),
  });
export const page =
  (edit: (page: string) => string): Fault =>
  (parts) => ({ page: (handle) => edit(parts.page(handle)) });
export const seen =
  (change: Partial<Seen>): Fault =>
  (parts) => ({ seen: { ...parts.seen, ...change } });
export const handler =
  (change: Partial<Handler>): Fault =>
  (parts) => ({ handler: { ...parts.handler, ...change } });
/** The handler says this whatever it is asked. */
export const says = (text: string, status = 200): Fault => handler({ answer: () => ({ text, status }) });
export const accepting = (change: Readonly<Record<string, unknown>>): Fault =>
  handler({ redeems: () => true, answer: edited((event) => ({ ...event, header: { ...event.header, ...change } })) });
export const acceptingWith = (payload: Readonly<Record<string, unknown>>): Fault =>
  handler({ redeems: () => true, answer: edited((event) => ({ ...event, payload })) });
export const edited =
  (edit: (event: HandlerEvent) => HandlerEvent): Handler['answer'] =>
  (event) => ({ status: 200, text: JSON.stringify({ event: edit(event) }) });
export const took =
  (ms: number): Handler['answer'] =>
  (event) => ({ status: 200, text: JSON.stringify({ event }), took: ms });
export const asLatin1 = (text: string): string => Buffer.from(text, 'latin1').toString('utf8');

export const refuseOld = (keep: number, kill: boolean) => (): Partial<Parts> => ({
  acceptsRefresh: (grant: Grant, generation: number) => {
    if (grant.generation - generation <= keep) return true;
    if (kill) grant.dead = true;
    return false;
  },
});

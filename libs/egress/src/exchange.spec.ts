import { Dispatcher } from 'undici';
import { exchange } from './exchange.js';
import { parseTarget } from './target.js';

/** A dispatcher that says what the test says, instead of a socket. */
class Held extends Dispatcher {
  handler: Dispatcher.DispatchHandler = {};
  override dispatch(_: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    this.handler = handler;
    return true;
  }
}

const controller = () => {
  const aborted: Error[] = [];
  const stub = { aborted: false, paused: false, reason: null, pause: () => undefined, resume: () => undefined };
  return { ...stub, aborts: aborted, abort: (reason: Error) => void aborted.push(reason) };
};

function start(milliseconds: number) {
  const dispatcher = new Held();
  const deadline = performance.now() + milliseconds;
  const target = parseTarget('https://id.example.com/token');
  const answer = exchange(dispatcher, { method: 'POST', target, headers: {}, body: 'a=b', deadline });
  answer.catch(() => undefined);
  return { answer, deadline, handler: dispatcher.handler };
}

it('is not written when the socket comes after the deadline, before a timer could say so', async () => {
  const { answer, deadline, handler } = start(10);
  while (performance.now() < deadline);
  const socket = controller();
  handler.onRequestStart?.(socket, {});
  expect(socket.aborts).toHaveLength(1);
  await expect(answer).rejects.toMatchObject({ name: 'EgressFailed', sent: false });
});

it('is not written when the socket comes after the timer said so', async () => {
  const { answer, handler } = start(10);
  await expect(answer).rejects.toMatchObject({ name: 'EgressFailed', sent: false });
  const socket = controller();
  handler.onRequestStart?.(socket, {});
  expect(socket.aborts).toHaveLength(1);
});

it('is not written a second time, whatever the dispatcher would like', async () => {
  const { answer, handler } = start(5_000);
  const [first, second] = [controller(), controller()];
  handler.onRequestStart?.(first, {});
  expect(first.aborts).toHaveLength(0);
  handler.onRequestStart?.(second, {});
  expect(second.aborts).toHaveLength(1);
  await expect(answer).rejects.toMatchObject({ name: 'EgressFailed', sent: true });
});

it('destroys its socket when the deadline passes on the way', async () => {
  const { answer, handler } = start(10);
  const socket = controller();
  handler.onRequestStart?.(socket, {});
  await expect(answer).rejects.toMatchObject({ name: 'EgressFailed', sent: true });
  expect(socket.aborts).toHaveLength(1);
});

import { connect } from 'node:net';

/**
 * One keep-alive HTTP/1.1 connection with one request at a time, over a bare socket: general clients spend more
 * processor time on a request than some of the servers measured here, and all share the machine.
 */
export class Connection {
  #socket;
  #text = '';
  #waiting = null;
  #fail;

  /** @param {(error: Error) => void} fail told when the connection ends or an answer cannot be read */
  constructor(port, fail) {
    this.#fail = fail;
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (part) => this.#read(part));
    this.#socket.on('error', fail);
    this.#socket.on('close', () => fail(new Error('the server closed a connection')));
  }

  opened() {
    return new Promise((resolve) => this.#socket.once('connect', resolve));
  }

  /** @param {string} request head and body @param {(status: number, body: string) => void} done */
  send(request, done) {
    this.#waiting = done;
    this.#socket.write(request, 'latin1');
  }

  close() {
    this.#fail = () => {};
    this.#socket.removeAllListeners('close');
    this.#socket.destroy();
  }

  #read(part) {
    const text = this.#text === '' ? part : this.#text + part;
    const head = text.indexOf('\r\n\r\n');
    const size = head < 0 ? 0 : bodyLength(text.slice(0, head));
    if (Number.isNaN(size)) return this.#fail(new Error(`an answer without content-length: ${text.slice(0, 200)}`));
    if (head < 0 || text.length < head + 4 + size) {
      this.#text = text;
      return undefined;
    }
    const done = this.#waiting;
    if (!done || text.length > head + 4 + size) return this.#fail(new Error('more came than was asked for'));
    this.#text = '';
    this.#waiting = null;
    return done(Number(text.slice(9, 12)), text.slice(head + 4));
  }
}

const bodyLength = (head) => Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? NaN);

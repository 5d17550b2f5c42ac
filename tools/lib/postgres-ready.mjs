import { connect } from 'node:net';

/**
 * One start-up packet of PostgreSQL's protocol: does the server take connections? Told without a password and
 * without a client library, because this runs before anything is installed.
 * @returns {Promise<boolean>} true when it asks for authentication; false when it is not there or still starting
 */
export function acceptsConnections(port, host = '127.0.0.1') {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    const answer = (value) => {
      socket.destroy();
      resolve(value);
    };
    socket.setTimeout(2_000, () => answer(false));
    socket.once('error', () => answer(false));
    socket.once('close', () => answer(false));
    socket.once('connect', () => socket.write(startupPacket({ user: 'postgres', database: 'postgres' })));
    // 'R' asks for authentication; 'E' is a refusal such as "the database system is starting up".
    socket.once('data', (data) => answer(data[0] === 'R'.charCodeAt(0)));
  });
}

function startupPacket(parameters) {
  const pairs = Object.entries(parameters).flat().join('\0');
  const body = Buffer.from(`${pairs}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(head.length + body.length, 0);
  head.writeInt32BE(3 << 16, 4);
  return Buffer.concat([head, body]);
}

import { NoAnswer, type TlsView } from '@linkbroker/doctor';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { Reach } from './http-probe.js';
import { openTunnel } from './proxy-tunnel.js';

const CONNECT_MS = 10_000;

function open(options: ConnectionOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...options, rejectUnauthorized: false }, () => resolve(socket));
    socket.setTimeout(CONNECT_MS, () => socket.destroy(new Error('ETIMEDOUT')));
    socket.once('error', reject);
  });
}

/**
 * Looks at certificate and versions of a host of the target. A chain counts as complete when it can be verified with
 * what the server sends: Node fetches nothing that is missing.
 * @throws NoAnswer without TLS
 */
export async function inspectTls({ hosts, ca, proxy }: Reach, address: string): Promise<TlsView> {
  const { hostname, port } = new URL(address);
  if (!hosts.has(hostname)) throw new NoAnswer('refused', 0, `${hostname} is not named by the target`);
  const host = hostname.replace(/^\[|\]$/g, '');
  const place = { host: hostname, port: Number(port) || 443 };
  const options = { host, servername: host, port: place.port, ...(ca === undefined ? {} : { ca }) };
  const connection = async (): Promise<ConnectionOptions> =>
    proxy ? { socket: await openTunnel(proxy, place, AbortSignal.timeout(CONNECT_MS)) } : {};
  const socket = await connection()
    .then((over) => open({ ...options, ...over }))
    .catch((error: unknown) => {
      throw new NoAnswer('broken', 0, `no TLS with ${hostname} (${(error as { code?: string }).code ?? 'failed'})`);
    });
  const { issuer } = socket.getPeerCertificate();
  const newest = socket.getProtocol() ?? 'TLS';
  const distrust = socket.authorized ? null : String(socket.authorizationError);
  socket.destroy();
  const only12 = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;
  const old = await connection()
    .then((over) => open({ ...options, ...over, ...only12 }))
    .catch(() => undefined);
  old?.destroy();
  const name = issuer.O ?? issuer.CN;
  return { distrust, issuer: String(name ?? 'nobody named').slice(0, 100), tls12: old !== undefined, newest };
}

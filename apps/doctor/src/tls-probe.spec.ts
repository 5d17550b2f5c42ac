import { NoAnswer } from '@linkbroker/doctor';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { SecureVersion } from 'node:tls';
import { CA, CERTIFICATE, KEY } from '../test/certificate.js';
import { sendHttp } from './http-probe.js';
import { inspectTls } from './tls-probe.js';

const hosts = new Set(['localhost']);
const servers: Server[] = [];

async function serve(minVersion: SecureVersion): Promise<string> {
  const server = createServer({ cert: CERTIFICATE, key: KEY, minVersion }, (_, response) => {
    response.setHeader('set-cookie', ['a=1', 'b=2']).end('fine');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `https://localhost:${(server.address() as AddressInfo).port}/`;
}

afterAll(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

test('a chain that leads to the given authority is trusted, and says who issued it', async () => {
  const address = await serve('TLSv1.2');
  const view = await inspectTls({ hosts, ca: CA }, address);
  expect(view).toEqual({ distrust: null, issuer: 'Doctor test authority', tls12: true, newest: 'TLSv1.3' });
  const answer = await sendHttp({ hosts, ca: CA }, { method: 'GET', url: address, headers: {} }, 5_000);
  expect(answer).toMatchObject({ status: 200, body: 'fine', setCookies: ['a=1', 'b=2'] });
});

test("without it, Mozilla's list decides, and nothing is sent to whom it does not know", async () => {
  const address = await serve('TLSv1.2');
  expect((await inspectTls({ hosts }, address)).distrust).toMatch(/UNABLE_TO_VERIFY_LEAF_SIGNATURE|unable to verify/);
  const sending = sendHttp({ hosts }, { method: 'GET', url: address, headers: {} }, 5_000);
  await expect(sending).rejects.toThrow(NoAnswer);
});

test('a server with TLS 1.3 alone is noticed', async () => {
  expect((await inspectTls({ hosts, ca: CA }, await serve('TLSv1.3'))).tls12).toBe(false);
});

test('hosts that the target does not name are not connected to', async () => {
  const address = await serve('TLSv1.2');
  const reach = { hosts: new Set(['id.example.com']), ca: CA };
  const message = 'localhost is not named by the target';
  await expect(inspectTls(reach, address)).rejects.toThrow(message);
  await expect(sendHttp(reach, { method: 'GET', url: address, headers: {} }, 5_000)).rejects.toThrow(message);
});

test('no TLS at all is no answer', async () => {
  await expect(inspectTls({ hosts }, 'https://localhost:9/')).rejects.toThrow(/no TLS with localhost \(ECONNREFUSED\)/);
});

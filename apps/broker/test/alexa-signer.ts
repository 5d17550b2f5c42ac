import { sign, webcrypto } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer } from './alexa.js';
import { issue, type Issued } from './certificates.js';

export const SKILL_ID = 'amzn1.ask.skill.11111111-2222-4333-8444-555555555555';

export interface EventChange {
  readonly userId?: string | null;
  readonly accessToken?: string;
  readonly requestId?: string;
  readonly applicationId?: string;
  readonly timestamp?: Date;
  readonly eventCreationTime?: Date;
}

/** Alexa as far as it signs: an authority, certificates where they can be fetched, and events. */
export interface AlexaSigner {
  /** For the broker's environment. */
  readonly variables: Record<string, string>;
  readonly origin: string;
  readonly authority: Issued;
  /** Served below the origin, by path. */
  readonly files: Map<string, string>;
  /** Paths that were fetched. */
  readonly fetched: string[];
  /** How certificates cannot be had just now. */
  trouble: 'cut' | 'silent' | null;
  /** What it signs with, and where that is. */
  current: { readonly issued: Issued; readonly url: string };
  /** A certificate for a host, and its address. */
  certificate(wanted?: Parameters<typeof issue>[0], issuer?: Issued): Promise<AlexaSigner['current']>;
  headers(body: string, change?: Record<string, string | undefined>): Promise<Record<string, string>>;
  close(): Promise<void>;
}

export async function startAlexaSigner(): Promise<AlexaSigner> {
  const files = new Map<string, string>();
  const fetched: string[] = [];
  const server = createServer((request, response) => {
    fetched.push(request.url ?? '');
    if (signer.trouble === 'cut') request.socket.destroy();
    if (signer.trouble) return;
    const file = files.get(request.url ?? '');
    response.writeHead(file === undefined ? 404 : 200).end(file ?? 'AccessDenied');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const authority = await issue({ subject: 'Test authority', authority: 1 });
  const folder = mkdtempSync(join(tmpdir(), 'linkbroker-signer-'));
  const ca = join(folder, 'ca.pem');
  writeFileSync(ca, authority.pem);
  const certificate: AlexaSigner['certificate'] = async (wanted = {}, issuer = authority) => {
    const issued = await issue({ names: ['echo-api.amazon.com'], ...wanted }, issuer);
    const path = `/echo.api/echo-api-cert-${String(files.size)}.pem`;
    files.set(path, issued.pem);
    return { issued, url: `${origin}${path}` };
  };
  const signer: AlexaSigner = {
    ...{ origin, authority, files, fetched, certificate },
    variables: { SKILL_EVENT_CERT_ORIGIN: origin, SKILL_EVENT_CA: ca },
    current: await certificate(),
    trouble: null,
    headers: async (body, change = {}) => {
      const { keys } = signer.current.issued;
      const signature = await webcrypto.subtle.sign('RSASSA-PKCS1-v1_5', keys.privateKey, Buffer.from(body));
      const all: Record<string, string | undefined> = {
        'content-type': 'application/json; charset=utf-8',
        signaturecertchainurl: signer.current.url,
        'signature-256': Buffer.from(signature).toString('base64'),
        signature: await oldSignature(keys, body),
        ...change,
      };
      return Object.fromEntries(
        Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
      );
    },
    close: async () => {
      rmSync(folder, { recursive: true });
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return signer;
}

async function oldSignature({ privateKey }: webcrypto.CryptoKeyPair, body: string): Promise<string> {
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey));
  return sign('sha1', Buffer.from(body), { key: pkcs8, format: 'der', type: 'pkcs8' }).toString('base64');
}

let count = 0;

/** An event as Alexa writes it. @see R199 */
export function skillEvent(name: string, now: Date, change: EventChange = {}): string {
  const { userId = 'amzn1.ask.account.ALICE', accessToken, applicationId = SKILL_ID, timestamp = now } = change;
  const { requestId = `request-${String((count += 1))}`, eventCreationTime = timestamp } = change;
  return JSON.stringify({
    version: '1.0',
    context: { System: { application: { applicationId }, ...(userId !== null && { user: { userId } }) } },
    request: {
      type: name.includes('.') || name.endsWith('Request') ? name : `AlexaSkillEvent.${name}`,
      requestId,
      timestamp: timestamp.toISOString(),
      eventCreationTime: eventCreationTime.toISOString(),
      eventPublishingTime: timestamp.toISOString(),
      ...(accessToken !== undefined && { body: { accessToken } }),
    },
  });
}

/** Posts a body to a skill's address for events. */
export async function postSkillEvent(
  url: string,
  skill: string,
  body: string,
  headers: Record<string, string>,
): Promise<Answer> {
  const address = `${url}/alexa/${encodeURIComponent(skill)}/skill-events`;
  const response = await fetch(address, { method: 'POST', headers, body });
  const read = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, body: read };
}

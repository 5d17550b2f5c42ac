import type { OwnStore } from './address-policy.js';
import { lookup } from 'node:dns/promises';

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  'postgres:': 5432,
  'postgresql:': 5432,
  'redis:': 6379,
  'rediss:': 6379,
};

/** Where our own stores listen, which nothing outbound may reach: every address behind each name. */
export async function ownStores(urls: readonly string[]): Promise<OwnStore[]> {
  const stores = urls.map(async (text) => {
    const url = new URL(text);
    const port = Number(url.port) || (DEFAULT_PORTS[url.protocol] ?? 0);
    const found = await lookup(url.hostname.replace(/^\[|\]$/g, ''), { all: true });
    return found.map(({ address }) => ({ address, port }));
  });
  return (await Promise.all(stores)).flat();
}

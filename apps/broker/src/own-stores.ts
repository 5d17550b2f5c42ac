import type { OwnStore } from '@linkbroker/egress';

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  'postgres:': 5432,
  'postgresql:': 5432,
  'redis:': 6379,
  'rediss:': 6379,
};

/** Where our own stores listen, which nothing outbound may reach. */
export function ownStores(urls: readonly string[]): OwnStore[] {
  return urls.map((text) => {
    const url = new URL(text);
    const address = url.hostname === 'localhost' ? '127.0.0.1' : url.hostname;
    return { address, port: Number(url.port) || (DEFAULT_PORTS[url.protocol] ?? 0) };
  });
}

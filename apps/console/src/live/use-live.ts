import { useIdle } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { isStale, readNews } from './news.js';

/** A page that nobody touches says nothing, so that a session may still run out by itself. */
const IDLE_MS = 10 * 60_000;
/** A busy tenant has news all the time: pages are read again this often at most. */
const GATHER_MS = 1_000;

/**
 * Reads a tenant's pages again when the admin app says that there is something new. Without the stream everything works; it
 * is only as old as its last reading.
 */
export function useLive(tenant: string): void {
  const client = useQueryClient();
  const idle = useIdle(IDLE_MS, { initialState: false });
  useEffect(() => {
    if (tenant === '' || idle) return undefined;
    const stream = new EventSource(`/api/v1/tenants/${encodeURIComponent(tenant)}/live`);
    const topics = new Set<ReturnType<typeof readNews>[number]>();
    let gathering: number | undefined;
    const refresh = (): void => {
      gathering = undefined;
      const told = [...topics];
      topics.clear();
      void client.invalidateQueries({ predicate: ({ queryKey }) => isStale(queryKey, tenant, told) });
    };
    stream.addEventListener('news', ({ data }: MessageEvent<string>) => {
      for (const topic of readNews(data)) topics.add(topic);
      gathering ??= window.setTimeout(refresh, GATHER_MS);
    });
    return () => {
      stream.close();
      window.clearTimeout(gathering);
    };
  }, [tenant, idle, client]);
}

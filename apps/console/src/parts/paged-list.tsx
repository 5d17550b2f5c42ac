import { Button, Group } from '@mantine/core';
import { useInfiniteQuery, type InfiniteData, type QueryKey, type UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTexts } from '../texts/use-texts.js';
import { QueryView } from './query-view.js';

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

type Pages<Item> = UseInfiniteQueryResult<InfiniteData<Page<Item>>>;

/** Pages of a list, one after the other, each by the cursor that the one before told. */
export const usePages = <Item,>(
  queryKey: QueryKey,
  read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<Item>>,
): Pages<Item> =>
  useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });

interface Props<Item> {
  readonly pages: Pages<Item>;
  readonly empty: ReactNode;
  readonly children: (items: readonly Item[]) => ReactNode;
}

/** What the pages hold so far, and the button for more. */
export function PagedList<Item>({ pages, empty, children }: Props<Item>): ReactNode {
  const { common } = useTexts();
  return (
    <QueryView query={pages} rows={8}>
      {(data) => {
        const items = data.pages.flatMap((page) => page.items);
        if (items.length === 0) return empty;
        return (
          <>
            {children(items)}
            {pages.hasNextPage && (
              <Group justify="center" mt="md">
                <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
                  {common.more}
                </Button>
              </Group>
            )}
          </>
        );
      }}
    </QueryView>
  );
}

import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { FailureNote } from './failure-note.js';
import { LoadingRows } from './loading-rows.js';

interface Props<Data> {
  readonly query: Pick<UseQueryResult<Data>, 'data' | 'error' | 'isFetching' | 'refetch'>;
  readonly rows?: number;
  readonly children: (data: Data) => ReactNode;
}

/** What a call brings: its shape while it is under way, what went wrong, or what there is. Never a wait without an end. */
export function QueryView<Data>({ query, rows = 4, children }: Props<Data>): ReactNode {
  const { data, error, isFetching, refetch } = query;
  if (error && data === undefined) return <FailureNote error={error} busy={isFetching} again={() => void refetch()} />;
  if (data === undefined) return <LoadingRows rows={rows} />;
  return (
    <>
      {error && <FailureNote error={error} busy={isFetching} again={() => void refetch()} />}
      {children(data)}
    </>
  );
}

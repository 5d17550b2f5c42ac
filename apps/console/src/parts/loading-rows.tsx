import { Skeleton, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTexts } from '../texts/use-texts.js';

/** The shape of what is on its way. */
export function LoadingRows({ rows = 4 }: { readonly rows?: number }): ReactNode {
  const { common } = useTexts();
  return (
    <Stack gap="sm" role="status" aria-label={common.loading}>
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} height={28} width={`${String(100 - ((index * 17) % 35))}%`} radius="md" />
      ))}
    </Stack>
  );
}

import { Skeleton, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTexts } from '../texts/use-texts.js';

/** The shape of a page that is on its way. */
export function LoadingPage(): ReactNode {
  const { common } = useTexts();
  return (
    <Stack gap="lg" role="status" aria-label={common.loading}>
      <Skeleton height={32} width={220} radius="md" />
      <Skeleton height={220} radius="lg" />
      <Skeleton height={140} radius="lg" />
    </Stack>
  );
}

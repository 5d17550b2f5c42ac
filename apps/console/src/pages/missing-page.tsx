import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { EmptyState } from '../parts/empty-state.js';
import { ButtonLink } from '../parts/links.js';
import { useTexts } from '../texts/use-texts.js';

/** An address that leads nowhere. */
export function MissingPage(): ReactNode {
  const { common } = useTexts();
  return (
    <main id="content" className="lb-alone">
      <EmptyState alone icon="search" title={common.pageNotFound} text={common.pageNotFoundText}>
        <ButtonLink to="/" mt="sm">
          {common.goHome}
        </ButtonLink>
      </EmptyState>
    </main>
  );
}

/** A page that broke: a part of the console that could not be loaded, or an error of ours. */
export function BrokenPage(): ReactNode {
  const { common } = useTexts();
  return (
    <EmptyState alone icon="alert" title={common.brokenPage} text={common.brokenPageText}>
      <Group mt="sm">
        <Button onClick={() => location.reload()}>{common.reload}</Button>
        <Button variant="default" onClick={() => location.assign('/')}>
          {common.goHome}
        </Button>
      </Group>
    </EmptyState>
  );
}

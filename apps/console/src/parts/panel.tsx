import { Group, Paper, Text, Title } from '@mantine/core';
import { useId, type ReactNode } from 'react';

interface Props {
  readonly title: string;
  readonly text?: ReactNode;
  readonly aside?: ReactNode;
  /** Said to who listens only, where the page's own heading says it already. */
  readonly quiet?: boolean;
  readonly children: ReactNode;
}

/** One part of a page, under a heading. */
export function Panel({ title, text, aside, quiet = false, children }: Props): ReactNode {
  const id = useId();
  return (
    <Paper component="section" aria-labelledby={id} className="lb-panel">
      <Group justify="space-between" align="flex-start" mb={quiet && !aside ? 0 : 'sm'} gap="xs">
        <div className="lb-title">
          <Title order={2} size="h4" id={id} {...(quiet && { className: 'lb-heard' })}>
            {title}
          </Title>
          {text && (
            <Text size="sm" c="dimmed" component="div">
              {text}
            </Text>
          )}
        </div>
        {aside}
      </Group>
      {children}
    </Paper>
  );
}

import { Stack, Text, ThemeIcon, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon, type IconName } from '../looks/icon.js';

interface Props {
  readonly icon: IconName;
  readonly title: string;
  readonly text?: string;
  /** Whether it is all that the page says. */
  readonly alone?: boolean;
  readonly children?: ReactNode;
}

/** Says that there is nothing, why that is, and what leads on. */
export function EmptyState({ icon, title, text, alone = false, children }: Props): ReactNode {
  return (
    <Stack align="center" gap="xs" py="xl" px="md" ta="center">
      <ThemeIcon variant="light" size={52} radius="xl">
        <Icon name={icon} size={26} />
      </ThemeIcon>
      {alone ? (
        <Title order={1} size="h4">
          {title}
        </Title>
      ) : (
        <Text fw={600}>{title}</Text>
      )}
      {text && (
        <Text size="sm" c="dimmed" maw={420}>
          {text}
        </Text>
      )}
      {children}
    </Stack>
  );
}

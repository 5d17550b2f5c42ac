import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Dialog } from './dialog.js';
import { Icon } from '../looks/icon.js';
import { useTexts } from '../texts/use-texts.js';

interface Props {
  readonly title: string;
  readonly text: string;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A dialog with a secret that is told this once. It closes only by its button, not by a slip beside it. */
export function ShownOnce({ title, text, opened, onClose, children }: Props): ReactNode {
  const { common } = useTexts();
  return (
    <Dialog opened={opened} onClose={onClose} title={title} dismissible={false}>
      <Stack>
        <Text size="sm">{text}</Text>
        {children}
        <Alert variant="light" color="yellow" icon={<Icon name="alert" />}>
          {common.shownOnce}
        </Alert>
        <Group justify="flex-end">
          <Button onClick={onClose}>{common.close}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

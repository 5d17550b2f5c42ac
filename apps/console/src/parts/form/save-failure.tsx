import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { ApiFailure } from '../../api/api-failure.js';
import { Icon } from '../../looks/icon.js';
import { useTexts } from '../../texts/use-texts.js';
import { FailureNote } from '../failure-note.js';

interface Props {
  readonly error: unknown;
  /** Reads what is there now, in the place of what was typed. */
  readonly onReload: () => void;
}

const CHANGED_MEANWHILE = 412;

/** Says why a form was not saved; where somebody else was faster, how to go on. */
export function SaveFailure({ error, onReload }: Props): ReactNode {
  const { forms } = useTexts();
  if (!(error instanceof ApiFailure) || error.status !== CHANGED_MEANWHILE) return <FailureNote error={error} />;
  return (
    <Alert role="alert" variant="light" color="yellow" icon={<Icon name="alert" />}>
      <Stack gap="xs">
        <Text fw={600}>{forms.moved}</Text>
        <Text size="sm">{forms.movedText}</Text>
        <Group>
          <Button size="xs" variant="default" onClick={onReload} leftSection={<Icon name="refresh" size={14} />}>
            {forms.reload}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

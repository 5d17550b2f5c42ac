import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { Dialog } from './dialog.js';
import { useTexts } from '../texts/use-texts.js';
import { FailureNote } from './failure-note.js';

interface Props {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  /** Has to be typed where what is done cannot be undone. */
  readonly word?: string;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

/** Asks before something is done that somebody may regret. Focus begins where nothing happens by accident. */
export function ConfirmDialog({
  title,
  text,
  action,
  word,
  busy,
  error,
  onConfirm,
  onClose,
  children,
}: Props): ReactNode {
  const { common } = useTexts();
  const [typed, type] = useState('');
  const ready = word === undefined || typed.trim().toLowerCase() === word.toLowerCase();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (ready) onConfirm();
  };
  return (
    <Dialog opened onClose={onClose} title={title}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{text}</Text>
          {children}
          {word !== undefined && (
            <TextInput
              label={common.typeToConfirm(word)}
              value={typed}
              onChange={(event) => type(event.currentTarget.value)}
              autoComplete="off"
            />
          )}
          {error !== null && <FailureNote error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose} data-autofocus={word === undefined || undefined}>
              {common.cancel}
            </Button>
            <Button type="submit" color="red.9" loading={busy} disabled={!ready}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

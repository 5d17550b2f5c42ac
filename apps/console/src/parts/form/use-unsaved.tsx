import { Button, Group, Stack, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { useRef, type ReactNode } from 'react';
import { useTexts } from '../../texts/use-texts.js';
import { Dialog } from '../dialog.js';

interface Unsaved {
  /** Asks before what was typed is lost. */
  readonly question: ReactNode;
  /** From now on there is nothing to lose: to be said right before one leaves on purpose. */
  readonly leave: () => void;
}

const placeOf = ({ pathname, search }: { readonly pathname: string; readonly search: unknown }): string =>
  `${pathname} ${JSON.stringify(search)}`;

/** Keeps somebody from losing what they have typed, by a click elsewhere or by closing the page. */
export function useUnsaved(dirty: boolean): Unsaved {
  const { forms } = useTexts();
  const leaving = useRef(false);
  const atStake = (): boolean => dirty && !leaving.current;
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => atStake() && placeOf(current) !== placeOf(next),
    enableBeforeUnload: atStake,
    withResolver: true,
  });
  const question = status === 'blocked' && (
    <Dialog opened onClose={reset} title={forms.unsaved}>
      <Stack>
        <Text size="sm">{forms.unsavedText}</Text>
        <Group justify="flex-end">
          <Button variant="default" color="red" onClick={proceed}>
            {forms.discard}
          </Button>
          <Button onClick={reset} data-autofocus>
            {forms.stay}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
  return {
    question,
    leave: () => {
      leaving.current = true;
    },
  };
}

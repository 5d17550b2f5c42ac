import { Button, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { Icon } from '../looks/icon.js';
import { ConfirmDialog } from './confirm-dialog.js';
import { fieldError } from './field-errors.js';
import { useTexts } from '../texts/use-texts.js';

interface Props {
  readonly title: string;
  readonly text: string;
  /** Has to be typed. */
  readonly word: string;
  /** What the buttons say, where it is not "Remove". */
  readonly action?: string;
  readonly call: { readonly error: unknown; readonly isPending: boolean; readonly reset: () => void };
  /** @param liveGrants how many live grants may end by it */
  readonly onRemove: (liveGrants: number) => void;
}

/**
 * Removes something after its name was typed. Where that would unlink households the API says how many, and that number
 * has to be typed as well.
 */
export function RemoveButton({ title, text, word, action, call, onRemove }: Props): ReactNode {
  const { common, setUp } = useTexts();
  const label = action ?? common.remove;
  const [asked, ask] = useState(false);
  const [named, name] = useState('0');
  const unlinks = fieldError(call.error, 'liveGrants');
  return (
    <>
      <Button variant="default" leftSection={<Icon name="revoke" size={16} />} onClick={() => ask(true)}>
        {label}
      </Button>
      {asked && (
        <ConfirmDialog
          {...{ title, text, word }}
          action={label}
          busy={call.isPending}
          error={unlinks === undefined ? call.error : null}
          onConfirm={() => onRemove(Number(named) || 0)}
          onClose={() => {
            call.reset();
            name('0');
            ask(false);
          }}
        >
          {unlinks !== undefined && (
            <TextInput
              label={setUp.liveGrants}
              description={<span lang="en">{unlinks}</span>}
              inputMode="numeric"
              value={named}
              onChange={(event) => name(event.currentTarget.value)}
            />
          )}
        </ConfirmDialog>
      )}
    </>
  );
}

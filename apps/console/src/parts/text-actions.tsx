import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from '../looks/icon.js';
import { CopyAction } from './copy-field.js';
import { saveText } from './save-text.js';

interface Props {
  readonly text: string;
  /** The name of the file it is saved as. */
  readonly file: string;
  readonly download: string;
}

/** Copies a text, or saves it as a file. */
export function TextActions({ text, file, download }: Props): ReactNode {
  return (
    <Group gap="xs">
      <CopyAction value={text} />
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<Icon name="download" size={14} />}
        onClick={() => saveText(file, text)}
      >
        {download}
      </Button>
    </Group>
  );
}

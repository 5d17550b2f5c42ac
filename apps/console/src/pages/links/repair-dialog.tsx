import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Dialog } from '../../parts/dialog.js';
import { CopyField } from '../../parts/copy-field.js';
import { formatMoment } from '../../story/format.js';
import { useLanguage, useTexts } from '../../texts/use-texts.js';

interface Props {
  readonly url: string;
  readonly expiresAt: string;
  readonly onClose: () => void;
}

/** A repair link, to be sent to the household. */
export function RepairDialog({ url, expiresAt, onClose }: Props): ReactNode {
  const { link } = useTexts();
  const { language } = useLanguage();
  return (
    <Dialog opened onClose={onClose} title={link.repairTitle}>
      <Stack>
        <Text size="sm">{link.repairText}</Text>
        <CopyField label={link.repairTitle} value={url} />
        <Text size="sm" c="dimmed">
          {link.repairUntil} {formatMoment(expiresAt, language)}
        </Text>
      </Stack>
    </Dialog>
  );
}

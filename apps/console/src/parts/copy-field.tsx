import { Button, CopyButton, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from '../looks/icon.js';
import { useTexts } from '../texts/use-texts.js';

/** A button that copies; it says so when it has. */
export function CopyAction({ value, label }: { readonly value: string; readonly label?: string }): ReactNode {
  const { common } = useTexts();
  return (
    <CopyButton value={value} timeout={2_000}>
      {({ copied, copy }) => (
        <Button
          size="compact-sm"
          variant="default"
          onClick={copy}
          leftSection={<Icon name={copied ? 'check' : 'copy'} size={14} />}
          aria-live="polite"
        >
          {copied ? common.copied : (label ?? common.copy)}
        </Button>
      )}
    </CopyButton>
  );
}

/** A value that is to be taken elsewhere, whole and without a typing error. */
export function CopyField({ label, value }: { readonly label: string; readonly value: string }): ReactNode {
  return (
    <div className="lb-copy">
      <Text size="xs" c="dimmed" fw={600}>
        {label}
      </Text>
      <Group justify="space-between" wrap="nowrap" gap="xs" align="flex-start">
        <code className="lb-value">{value}</code>
        <CopyAction value={value} />
      </Group>
    </div>
  );
}

import { Group, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTexts } from '../texts/use-texts.js';

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly wide?: boolean;
  /** Whether it goes by Escape, a click beside it, or the cross. */
  readonly dismissible?: boolean;
  readonly children: ReactNode;
}

/** A dialog over the page. */
export function Dialog({ opened, onClose, title, wide = false, dismissible = true, children }: Props): ReactNode {
  const { common } = useTexts();
  return (
    <Modal.Root
      opened={opened}
      onClose={onClose}
      centered
      size={wide ? 'lg' : 'md'}
      closeOnEscape={dismissible}
      closeOnClickOutside={dismissible}
    >
      <Modal.Overlay backgroundOpacity={0.5} />
      <Modal.Content radius="lg">
        <Group justify="space-between" wrap="nowrap" p="md" pb={0}>
          <Modal.Title fw={650}>{title}</Modal.Title>
          {dismissible && <Modal.CloseButton aria-label={common.close} />}
        </Group>
        <Modal.Body p="md">{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

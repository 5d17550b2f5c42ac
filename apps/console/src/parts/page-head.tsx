import { Group, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTexts } from '../texts/use-texts.js';

interface Props {
  readonly title: string;
  readonly text?: ReactNode;
  readonly children?: ReactNode;
}

/** The head of a page. Who listens to the page, or goes by keyboard, begins here after each change of pages. */
export function PageHead({ title, text, children }: Props): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useDocumentTitle(`${title} · ${useTexts().shell.product}`);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <Group justify="space-between" align="flex-start" mb="lg" gap="sm">
      <div className="lb-head">
        <Title order={1} size="h2" ref={heading} tabIndex={-1}>
          {title}
        </Title>
        {text && (
          <Text c="dimmed" size="sm" mt={2} component="div">
            {text}
          </Text>
        )}
      </div>
      {children && <div className="lb-head-actions">{children}</div>}
    </Group>
  );
}

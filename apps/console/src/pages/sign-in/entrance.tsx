import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { lazy, Suspense, type ReactNode } from 'react';
import { Mark } from '../../looks/mark.js';
import { useTexts } from '../../texts/use-texts.js';

/** Its menu is a third of this page, and hardly anybody opens it here. */
const Preferences = lazy(async () => ({ default: (await import('../../shell/preferences.js')).Preferences }));

interface Props {
  readonly title: string;
  readonly text?: string;
  readonly children: ReactNode;
}

/** The card of everything before the console proper: it looks like the link pages. */
export function Entrance({ title, text, children }: Props): ReactNode {
  const { shell } = useTexts();
  useDocumentTitle(`${title} · ${shell.product}`);
  return (
    <div className="lb-entrance">
      <Paper component="main" id="content" className="lb-card" p={{ base: 'lg', sm: 'xl' }} withBorder>
        <Stack gap="lg">
          <Group justify="space-between">
            <Group gap="xs">
              <Mark size={28} />
              <Text fw={650}>{shell.product}</Text>
            </Group>
            <Suspense fallback={<span className="lb-preferences" />}>
              <Preferences />
            </Suspense>
          </Group>
          <div>
            <Title order={1} size="h2">
              {title}
            </Title>
            {text && (
              <Text c="dimmed" mt={4}>
                {text}
              </Text>
            )}
          </div>
          {children}
        </Stack>
      </Paper>
    </div>
  );
}

import { Alert, Button, Group, List, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { ApiFailure } from '../api/api-failure.js';
import { Icon } from '../looks/icon.js';
import type { Texts } from '../texts/en.js';
import { useTexts } from '../texts/use-texts.js';

/** What went wrong in the viewer's words, with the API's own beside it. */
export function sayFailure(error: unknown, { failures, common }: Texts): { title: string; text: string } {
  if (!(error instanceof ApiFailure)) return { title: common.brokenPage, text: common.brokenPageText };
  const again = error.retryAfter === undefined ? '' : ` ${failures.again(error.retryAfter)}`;
  if (error.kind !== 'problem') return { title: failures[error.kind], text: failures[`${error.kind}Text`] + again };
  return { title: titleOf(error.status, failures), text: `${error.detail}${again}`.trim() };
}

function titleOf(status: number, failures: Texts['failures']): string {
  if (status === 403) return failures.forbidden;
  if (status === 404) return failures.notFound;
  if (status === 429) return failures.tooMany;
  return status >= 500 ? failures.unavailable : failures.refused;
}

interface Props {
  readonly error: unknown;
  readonly busy?: boolean;
  readonly again?: () => void;
}

/** Says that a call brought nothing, why, and lets it be tried again. */
export function FailureNote({ error, busy = false, again }: Props): ReactNode {
  const texts = useTexts();
  const { title, text } = sayFailure(error, texts);
  const fields = error instanceof ApiFailure ? error.errors : [];
  return (
    <Alert role="alert" variant="light" color="red" title={title} icon={<Icon name="alert" />} my="sm">
      <Stack gap="xs">
        <Text size="sm">{text}</Text>
        {fields.length > 0 && (
          <List size="sm">
            {fields.map(({ field, message }) => (
              <List.Item key={`${field} ${message}`}>
                <strong>{field}</strong> {message}
              </List.Item>
            ))}
          </List>
        )}
        {again && (
          <Group>
            <Button
              size="xs"
              variant="default"
              loading={busy}
              onClick={again}
              leftSection={<Icon name="refresh" size={14} />}
            >
              {texts.common.tryAgain}
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  );
}

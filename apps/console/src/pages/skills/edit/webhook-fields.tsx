import { EVENT_TYPES, type EventType } from '@linkbroker/contracts/api';
import { ActionIcon, Button, Group, MultiSelect, Stack, Text, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from '../../../looks/icon.js';
import { useTexts } from '../../../texts/use-texts.js';
import type { FieldProps } from './skill-fields.js';
import type { WebhookDraft } from './skill-parts.js';

const MOST = 10;

/** Who is told what happens to the skill's links: a row for each address. */
export function WebhookFields({ draft, set, errorOf }: FieldProps): ReactNode {
  const { skillForm } = useTexts();
  const { webhooks } = draft;
  const key = 1 + Math.max(-1, ...webhooks.map((one) => one.key));
  const replace = (changed: WebhookDraft): void =>
    set({ webhooks: webhooks.map((one) => (one.key === changed.key ? changed : one)) });
  return (
    <Stack gap="md">
      {webhooks.length === 0 && (
        <Text size="sm" c="dimmed">
          {skillForm.noWebhooks}
        </Text>
      )}
      {webhooks.map((webhook, index) => (
        <WebhookRow
          key={webhook.key}
          webhook={webhook}
          number={index + 1}
          errorOf={(field) => errorOf(`webhooks.${String(index)}.${field}`)}
          onChange={replace}
          onRemove={() => set({ webhooks: webhooks.filter((one) => one.key !== webhook.key) })}
        />
      ))}
      <Group>
        <Button
          variant="default"
          size="xs"
          disabled={webhooks.length >= MOST}
          leftSection={<Icon name="plus" size={14} />}
          onClick={() => set({ webhooks: [...webhooks, { key, url: '', events: EVENT_TYPES }] })}
        >
          {skillForm.addWebhook}
        </Button>
      </Group>
    </Stack>
  );
}

interface RowProps {
  readonly webhook: WebhookDraft;
  readonly number: number;
  readonly errorOf: (field: string) => string | undefined;
  readonly onChange: (webhook: WebhookDraft) => void;
  readonly onRemove: () => void;
}

function WebhookRow({ webhook, number, errorOf, onChange, onRemove }: RowProps): ReactNode {
  const { skillForm } = useTexts();
  return (
    <div className="lb-part" role="group" aria-label={skillForm.webhook(number)}>
      <Group justify="space-between">
        <Text size="sm" fw={600}>
          {skillForm.webhook(number)}
        </Text>
        <ActionIcon variant="subtle" color="red" aria-label={skillForm.removeWebhook(number)} onClick={onRemove}>
          <Icon name="cross" size={16} />
        </ActionIcon>
      </Group>
      <TextInput
        label={skillForm.webhookUrl}
        type="url"
        placeholder="https://hooks.example.com/linkbroker"
        maxLength={2_000}
        value={webhook.url}
        error={errorOf('url')}
        onChange={(event) => onChange({ ...webhook, url: event.currentTarget.value })}
      />
      <MultiSelect
        label={skillForm.webhookEvents}
        data={EVENT_TYPES.map((value) => ({ value, label: value }))}
        value={[...webhook.events]}
        error={errorOf('events')}
        onChange={(chosen) =>
          onChange({ ...webhook, events: EVENT_TYPES.filter((one): one is EventType => chosen.includes(one)) })
        }
      />
    </div>
  );
}

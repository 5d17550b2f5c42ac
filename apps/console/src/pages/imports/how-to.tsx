import { List, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyField } from '../../parts/copy-field.js';
import { Panel } from '../../parts/panel.js';
import { useTenant } from '../../session/use-access.js';
import { useTexts } from '../../texts/use-texts.js';

const DAY_MS = 86_400_000;
/** Alexa renews within days where a skill is used; months are for those that are used rarely. */
const KEEP_DAYS = 180;

/** The steps of a move, with the commands as they are typed. */
export function HowTo(): ReactNode {
  const { imports } = useTexts();
  const tenant = useTenant();
  const until = new Date(Date.now() + KEEP_DAYS * DAY_MS).toISOString().slice(0, 10);
  const command = `npm run import -- --tenant ${tenant} --skill SKILL --connector CONNECTOR -f links.jsonl --keep-until ${until}`;
  return (
    <Panel title={imports.howTo} text={imports.howToText}>
      <List type="ordered" size="sm" spacing="xs" mb="md">
        {imports.steps.map((step) => (
          <List.Item key={step}>{step}</List.Item>
        ))}
      </List>
      <Stack gap="sm">
        <CopyField label={imports.check} value={`${command} --dry-run`} />
        <CopyField label={imports.bring} value={command} />
        <CopyField label={imports.line} value={LINE} />
      </Stack>
      <Text size="xs" c="dimmed" mt="xs">
        {imports.hashes}
      </Text>
    </Panel>
  );
}

const LINE =
  '{"subject": "…", "upstream": {"refreshToken": "…"}, "linkedAt": "2025-03-01T12:00:00Z", "refreshTokens": ["SHA-256"]}';

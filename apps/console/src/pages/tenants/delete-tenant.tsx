import { DELETE_TENANT } from '@linkbroker/contracts/api';
import { Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { SESSION_KEY } from '../../api/session-query.js';
import { Panel } from '../../parts/panel.js';
import { RemoveButton } from '../../parts/remove-button.js';
import { sayDone } from '../../parts/say.js';
import { useCall } from '../../parts/use-call.js';
import { useTenant } from '../../session/use-access.js';
import { useTexts } from '../../texts/use-texts.js';

/** Deletes a tenant, for operators; leads back to the others. */
export function DeleteTenant(): ReactNode {
  const { settings } = useTexts();
  const tenant = useTenant();
  const navigate = useNavigate();
  const call = useCall(DELETE_TENANT, {
    stale: [['tenants', 'list'], SESSION_KEY],
    done: () => {
      sayDone(settings.deleted);
      void navigate({ to: '/tenants' });
    },
  });
  return (
    <Panel title={settings.deleteTitle}>
      <Stack align="flex-start">
        <Text size="sm" c="dimmed" maw={560}>
          {settings.deleteText}
        </Text>
        <RemoveButton
          title={settings.deleteAsk(tenant)}
          text={settings.deleteSure}
          word={tenant}
          action={settings.delete}
          call={call}
          onRemove={(liveGrants) => call.mutate({ params: { tenant }, query: { liveGrants } })}
        />
      </Stack>
    </Panel>
  );
}

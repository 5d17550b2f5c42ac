import { LIST_API_KEYS, REVOKE_API_KEY } from '@linkbroker/contracts/api';
import { Button, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { z } from 'zod';
import { callApi } from '../../api/api.js';
import { Cell } from '../../parts/cell.js';
import { ConfirmDialog } from '../../parts/confirm-dialog.js';
import { EmptyState } from '../../parts/empty-state.js';
import { Moment } from '../../parts/moment.js';
import { PageHead } from '../../parts/page-head.js';
import { Panel } from '../../parts/panel.js';
import { QueryView } from '../../parts/query-view.js';
import { RowTable } from '../../parts/row-table.js';
import { sayDone } from '../../parts/say.js';
import { useCall } from '../../parts/use-call.js';
import { useAccess, useTenant } from '../../session/use-access.js';
import { useTexts } from '../../texts/use-texts.js';
import { NewApiKey } from './new-api-key.js';

type Key = z.output<(typeof LIST_API_KEYS)['answer']>['items'][number];

/** Keys of programs that work with a tenant. */
export function ApiKeysPage(): ReactNode {
  const { apiKeys } = useTexts();
  const tenant = useTenant();
  const { may } = useAccess();
  const query = useQuery({
    queryKey: ['api-keys', tenant],
    queryFn: ({ signal }) => callApi(LIST_API_KEYS, { params: { tenant } }, signal),
  });
  return (
    <>
      <PageHead title={apiKeys.title} text={apiKeys.text}>
        {may('api-keys.write') && <NewApiKey />}
      </PageHead>
      <Panel title={apiKeys.title} quiet>
        <QueryView query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState icon="apiKeys" title={apiKeys.empty} text={apiKeys.emptyText} />
            ) : (
              <KeyTable items={items} />
            )
          }
        </QueryView>
      </Panel>
    </>
  );
}

function KeyTable({ items }: { readonly items: readonly Key[] }): ReactNode {
  const { apiKeys } = useTexts();
  return (
    <RowTable columns={[apiKeys.name, apiKeys.permissions, apiKeys.created, apiKeys.lastUsed, apiKeys.expires]} actions>
      {items.map((key) => (
        <Row key={key.id} item={key} />
      ))}
    </RowTable>
  );
}

function Row({ item }: { readonly item: Key }): ReactNode {
  const { apiKeys, common } = useTexts();
  const { may } = useAccess();
  const [revoking, ask] = useState(false);
  const { name, permissions, createdAt, createdBy, lastUsedAt, expiresAt } = item;
  return (
    <Table.Tr>
      <Cell label={apiKeys.name}>
        <strong>{name}</strong>
      </Cell>
      <Cell label={apiKeys.permissions}>
        <Text size="xs">{permissions.join(', ')}</Text>
      </Cell>
      <Cell label={apiKeys.created}>
        <>
          <Moment at={createdAt} />
          <Text size="xs" c="dimmed">
            {apiKeys.by(createdBy)}
          </Text>
        </>
      </Cell>
      <Cell label={apiKeys.lastUsed}>{lastUsedAt === null ? common.never : <Moment at={lastUsedAt} />}</Cell>
      <Cell label={apiKeys.expires}>
        <Moment at={expiresAt} />
      </Cell>
      <Table.Td className="lb-fit">
        {may('api-keys.write') && (
          <Button size="compact-sm" variant="default" aria-label={apiKeys.revoke(name)} onClick={() => ask(true)}>
            {apiKeys.revokeAction}
          </Button>
        )}
        {revoking && <RevokeDialog item={item} onClose={() => ask(false)} />}
      </Table.Td>
    </Table.Tr>
  );
}

function RevokeDialog({
  item: { id, name },
  onClose,
}: {
  readonly item: Key;
  readonly onClose: () => void;
}): ReactNode {
  const { apiKeys } = useTexts();
  const tenant = useTenant();
  const { mutate, isPending, error } = useCall(REVOKE_API_KEY, {
    stale: [['api-keys', tenant]],
    done: () => sayDone(apiKeys.revoked(name)),
  });
  return (
    <ConfirmDialog
      title={apiKeys.revoke(name)}
      text={apiKeys.revokeText}
      action={apiKeys.revokeAction}
      busy={isPending}
      error={error}
      onConfirm={() => mutate({ params: { tenant, key: id } }, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}

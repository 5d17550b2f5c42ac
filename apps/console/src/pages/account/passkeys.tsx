import { LIST_PASSKEYS, REMOVE_PASSKEY } from '@linkbroker/contracts/api';
import { Button, Table, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Dialog } from '../../parts/dialog.js';
import { callApi } from '../../api/api.js';
import { SESSION_KEY } from '../../api/session-query.js';
import { ConfirmDialog } from '../../parts/confirm-dialog.js';
import { Moment } from '../../parts/moment.js';
import { Panel } from '../../parts/panel.js';
import { QueryView } from '../../parts/query-view.js';
import { useCall } from '../../parts/use-call.js';
import { canUsePasskeys } from '../../session/passkeys.js';
import { useTexts } from '../../texts/use-texts.js';
import { NewPasskey } from '../sign-in/new-passkey.js';

const KEY = ['passkeys'] as const;

interface Passkey {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
}

/** The account's passkeys. */
export function Passkeys(): ReactNode {
  const { account, enrol, signIn } = useTexts();
  const client = useQueryClient();
  const [adding, add] = useState(false);
  const query = useQuery({ queryKey: KEY, queryFn: ({ signal }) => callApi(LIST_PASSKEYS, {}, signal) });
  const done = (): void => {
    add(false);
    void client.invalidateQueries({ queryKey: KEY });
  };
  const usable = canUsePasskeys();
  return (
    <Panel
      title={account.passkeys}
      {...(!usable && { text: signIn.noPasskeys })}
      aside={
        usable && (
          <Button size="xs" variant="default" onClick={() => add(true)}>
            {enrol.addPasskey}
          </Button>
        )
      }
    >
      <QueryView query={query} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              {account.noPasskeys}
            </Text>
          ) : (
            <Table className="lb-table">
              <Table.Tbody>
                {items.map((passkey) => (
                  <Row key={passkey.id} passkey={passkey} />
                ))}
              </Table.Tbody>
            </Table>
          )
        }
      </QueryView>
      <Dialog opened={adding} onClose={() => add(false)} title={enrol.addPasskey}>
        <NewPasskey onDone={done} />
      </Dialog>
    </Panel>
  );
}

function Row({ passkey: { id, name, createdAt, lastUsedAt } }: { readonly passkey: Passkey }): ReactNode {
  const { account, common } = useTexts();
  const [removing, ask] = useState(false);
  const { mutate, isPending, error } = useCall(REMOVE_PASSKEY, { stale: [KEY, SESSION_KEY], done: () => ask(false) });
  return (
    <Table.Tr>
      <Table.Td fw={600}>{name}</Table.Td>
      <Table.Td>
        {account.added} <Moment at={createdAt} />
      </Table.Td>
      <Table.Td>
        {account.lastUsed} {lastUsedAt === null ? common.never : <Moment at={lastUsedAt} />}
      </Table.Td>
      <Table.Td className="lb-fit">
        <Button size="compact-sm" variant="default" aria-label={account.removePasskey(name)} onClick={() => ask(true)}>
          {common.remove}
        </Button>
        {removing && (
          <ConfirmDialog
            title={account.removePasskey(name)}
            text={account.removePasskeyText}
            action={common.remove}
            busy={isPending}
            error={error}
            onConfirm={() => mutate({ params: { passkey: id } })}
            onClose={() => ask(false)}
          />
        )}
      </Table.Td>
    </Table.Tr>
  );
}

import { END_OTHER_SESSIONS, END_SESSION, LIST_SESSIONS } from '@linkbroker/contracts/api';
import { Button, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import { callApi } from '../../api/api.js';
import { Moment } from '../../parts/moment.js';
import { Panel } from '../../parts/panel.js';
import { QueryView } from '../../parts/query-view.js';
import { sayDone } from '../../parts/say.js';
import { useCall } from '../../parts/use-call.js';
import { useSayFailure } from '../../parts/use-say-failure.js';
import { useTexts } from '../../texts/use-texts.js';

type Session = z.output<(typeof LIST_SESSIONS)['answer']>['items'][number];

const KEY = ['sessions'] as const;

/** Where the account is signed in. */
export function Sessions(): ReactNode {
  const { account } = useTexts();
  const sayFailure = useSayFailure();
  const query = useQuery({ queryKey: KEY, queryFn: ({ signal }) => callApi(LIST_SESSIONS, {}, signal) });
  const others = useCall(END_OTHER_SESSIONS, { stale: [KEY], done: () => sayDone(account.sessionEnded) });
  const several = (query.data?.items.length ?? 0) > 1;
  return (
    <Panel
      title={account.sessions}
      aside={
        several && (
          <Button
            size="xs"
            variant="default"
            loading={others.isPending}
            onClick={() => others.mutate({}, { onError: sayFailure })}
          >
            {account.endOthers}
          </Button>
        )
      }
    >
      <QueryView query={query} rows={2}>
        {({ items }) => (
          <Table className="lb-table">
            <Table.Tbody>
              {items.map((session) => (
                <Row key={session.id} session={session} />
              ))}
            </Table.Tbody>
          </Table>
        )}
      </QueryView>
    </Panel>
  );
}

function Row({ session }: { readonly session: Session }): ReactNode {
  const { account } = useTexts();
  const sayFailure = useSayFailure();
  const one = useCall(END_SESSION, { stale: [KEY], done: () => sayDone(account.sessionEnded) });
  const { id, agent, method, current, lastSeenAt } = session;
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={600} component="span">
          {agent}
        </Text>
        {current && ` (${account.thisSession})`}
      </Table.Td>
      <Table.Td>{account.methods[method]}</Table.Td>
      <Table.Td>
        {account.lastSeen} <Moment at={lastSeenAt} />
      </Table.Td>
      <Table.Td className="lb-fit">
        {!current && (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`${account.endSession}: ${agent}`}
            onClick={() => one.mutate({ params: { session: id } }, { onError: sayFailure })}
          >
            {account.endSession}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

import { Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Moment } from '../../parts/moment.js';
import { Panel } from '../../parts/panel.js';
import { StateMark } from '../../parts/state-mark.js';
import { useTexts } from '../../texts/use-texts.js';
import type { LinkDetails } from './link-page.js';

type Grant = LinkDetails['grants'][number];

/** What each finished attempt of the household allowed. */
export function Grants({ grants }: { readonly grants: readonly Grant[] }): ReactNode {
  const { link } = useTexts();
  return (
    <Panel title={link.grants} text={link.grantsText}>
      {grants.length === 0 ? (
        <Text size="sm" c="dimmed">
          {link.noGrants}
        </Text>
      ) : (
        <Table className="lb-table">
          <Table.Tbody>
            {grants.map((grant) => (
              <Row key={grant.id} grant={grant} />
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Panel>
  );
}

function Row({ grant }: { readonly grant: Grant }): ReactNode {
  const { link } = useTexts();
  const { createdAt, refreshes, lastRefreshedAt, scopes, revokedAt, revokeReason } = grant;
  return (
    <Table.Tr>
      <Table.Td>
        <GrantState grant={grant} />
      </Table.Td>
      <Table.Td>
        <Moment at={createdAt} />
      </Table.Td>
      <Table.Td>
        {link.refreshes(refreshes)}
        {lastRefreshedAt !== null && (
          <>
            , {link.lastRefreshed} <Moment at={lastRefreshedAt} />
          </>
        )}
      </Table.Td>
      <Table.Td>
        {revokedAt !== null && (
          <>
            <Moment at={revokedAt} />
            {revokeReason !== null && `: ${revokeReason}`}
          </>
        )}
        {revokedAt === null && scopes.length > 0 && `${link.scopes}: ${scopes.join(' ')}`}
      </Table.Td>
    </Table.Tr>
  );
}

function GrantState({ grant: { revokedAt, redeemedAt } }: { readonly grant: Grant }): ReactNode {
  const { link } = useTexts();
  if (revokedAt !== null) return <StateMark tone="plain">{link.revoked}</StateMark>;
  return redeemedAt === null ? (
    <StateMark tone="odd">{link.pending}</StateMark>
  ) : (
    <StateMark tone="good">{link.live}</StateMark>
  );
}

import type { ListedLinkAnswer } from '@linkbroker/contracts/api';
import { Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Cell } from '../../parts/cell.js';
import { Moment } from '../../parts/moment.js';
import { useTexts } from '../../texts/use-texts.js';
import { LinkCell } from './link-cell.js';
import { LinkState } from './link-state.js';

/** Links in rows, each leading to its own page. */
export function LinkTable({ items }: { readonly items: readonly ListedLinkAnswer[] }): ReactNode {
  const { links } = useTexts();
  return (
    <Table className="lb-table">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{links.state}</Table.Th>
          <Table.Th>{links.skill}</Table.Th>
          <Table.Th>{links.connector}</Table.Th>
          <Table.Th>{links.grants}</Table.Th>
          <Table.Th>{links.trouble}</Table.Th>
          <Table.Th>{links.linked}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map((link) => (
          <Row key={link.id} link={link} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Row({ link }: { readonly link: ListedLinkAnswer }): ReactNode {
  const { links, common } = useTexts();
  const { id, state, skill, connector, liveGrants, lastError, failures, createdAt } = link;
  return (
    <Table.Tr>
      <Cell label={links.state}>
        <LinkState state={state} />
      </Cell>
      <LinkCell link={id} skill={skill} />
      <Cell label={links.connector}>{connector}</Cell>
      <Cell label={links.grants}>{liveGrants}</Cell>
      <Cell label={links.trouble}>
        {failures === 0 ? (
          <Text size="sm" c="dimmed">
            {common.none}
          </Text>
        ) : (
          `${links.failures(failures)}${lastError === null ? '' : `: ${lastError}`}`
        )}
      </Cell>
      <Cell label={links.linked}>
        <Moment at={createdAt} />
      </Cell>
    </Table.Tr>
  );
}

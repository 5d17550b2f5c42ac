import type { ListedLinkAnswer } from '@linkbroker/contracts/api';
import { Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Cell } from '../../parts/cell.js';
import { Moment } from '../../parts/moment.js';
import { RowTable } from '../../parts/row-table.js';
import { useTexts } from '../../texts/use-texts.js';
import { LinkCell } from './link-cell.js';
import { LinkState } from './link-state.js';

/** Links in rows, each leading to its own page. */
export function LinkTable({ items }: { readonly items: readonly ListedLinkAnswer[] }): ReactNode {
  const { links } = useTexts();
  return (
    <RowTable columns={[links.state, links.skill, links.connector, links.grants, links.trouble, links.linked]}>
      {items.map((link) => (
        <Row key={link.id} link={link} />
      ))}
    </RowTable>
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

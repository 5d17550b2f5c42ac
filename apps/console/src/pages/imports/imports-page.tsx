import { LIST_IMPORTS } from '@linkbroker/contracts/api';
import { Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { callApi } from '../../api/api.js';
import { Cell } from '../../parts/cell.js';
import { EmptyState } from '../../parts/empty-state.js';
import { AnchorLink } from '../../parts/links.js';
import { Moment } from '../../parts/moment.js';
import { PageHead } from '../../parts/page-head.js';
import { PagedList, usePages } from '../../parts/paged-list.js';
import { Panel } from '../../parts/panel.js';
import { RowTable } from '../../parts/row-table.js';
import { useAccess, useTenant } from '../../session/use-access.js';
import { useTexts } from '../../texts/use-texts.js';
import { HowTo } from './how-to.js';
import { ImportState, type Import } from './import-state.js';

/** Links that were brought from the server before, and how to bring some. */
export function ImportsPage(): ReactNode {
  const { imports } = useTexts();
  const tenant = useTenant();
  const { may } = useAccess();
  const pages = usePages(['imports', tenant], (cursor, signal) =>
    callApi(LIST_IMPORTS, { params: { tenant }, query: { cursor } }, signal),
  );
  return (
    <>
      <PageHead title={imports.title} text={imports.text} />
      <Panel title={imports.list} quiet>
        <PagedList pages={pages} empty={<EmptyState icon="imports" title={imports.empty} text={imports.emptyText} />}>
          {(items) => <ImportTable items={items} />}
        </PagedList>
      </Panel>
      {may('imports.write') && <HowTo />}
    </>
  );
}

function ImportTable({ items }: { readonly items: readonly Import[] }): ReactNode {
  const { imports, links } = useTexts();
  return (
    <RowTable
      columns={[
        imports.state,
        links.skill,
        imports.adopted,
        imports.used,
        imports.refused,
        imports.keepUntil,
        imports.begun,
      ]}
    >
      {items.map((one) => (
        <Row key={one.id} found={one} />
      ))}
    </RowTable>
  );
}

function Row({ found }: { readonly found: Import }): ReactNode {
  const { imports, links } = useTexts();
  const tenant = useTenant();
  const { id, skill, connector, lines, keepUntil, createdAt } = found;
  const all = lines.adopted + lines.refused + lines.pending;
  return (
    <Table.Tr>
      <Cell label={imports.state}>
        <ImportState found={found} />
      </Cell>
      <Cell label={links.skill}>
        <AnchorLink
          to="/t/$tenant/imports/$import"
          params={{ tenant, import: id }}
          fw={600}
          aria-label={imports.open(skill, id.slice(0, 8))}
        >
          {skill}
        </AnchorLink>
        <Text size="xs" c="dimmed" component="span" ml={8}>
          {connector}
        </Text>
      </Cell>
      <Cell label={imports.adopted}>{imports.of(lines.adopted, all)}</Cell>
      <Cell label={imports.used}>{imports.of(lines.used, lines.adopted)}</Cell>
      <Cell label={imports.refused}>{String(lines.refused)}</Cell>
      <Cell label={imports.keepUntil}>
        <Moment at={keepUntil} />
      </Cell>
      <Cell label={imports.begun}>
        <Moment at={createdAt} />
      </Cell>
    </Table.Tr>
  );
}

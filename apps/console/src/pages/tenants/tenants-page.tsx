import { LIST_TENANTS } from '@linkbroker/contracts/api';
import { Badge, Group, Table, Text } from '@mantine/core';
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
import { useTexts } from '../../texts/use-texts.js';
import { NewTenant } from './new-tenant.js';

/** The customers of the installation, for its operators. */
export function TenantsPage(): ReactNode {
  const { tenants } = useTexts();
  const pages = usePages(['tenants', 'list'], (cursor, signal) => callApi(LIST_TENANTS, { query: { cursor } }, signal));
  return (
    <>
      <PageHead title={tenants.title} text={tenants.text}>
        <NewTenant />
      </PageHead>
      <Panel title={tenants.title} quiet>
        <PagedList pages={pages} empty={<EmptyState icon="tenants" title={tenants.empty} text={tenants.emptyText} />}>
          {(items) => (
            <RowTable columns={[tenants.name, tenants.slug, tenants.timelineDays, tenants.created]}>
              {items.map(({ slug, name, timelineDays, createdAt, closedAt }) => (
                <Table.Tr key={slug}>
                  <Cell label={tenants.name}>
                    {closedAt === null ? (
                      <AnchorLink to="/t/$tenant" params={{ tenant: slug }} fw={600}>
                        {name}
                      </AnchorLink>
                    ) : (
                      <Group gap="xs">
                        <Text fw={600}>{name}</Text>
                        <Badge variant="default" tt="none">
                          {tenants.closed}
                        </Badge>
                      </Group>
                    )}
                  </Cell>
                  <Cell label={tenants.slug}>
                    <Text size="sm" ff="monospace">
                      {slug}
                    </Text>
                  </Cell>
                  <Cell label={tenants.timelineDays}>{timelineDays}</Cell>
                  <Cell label={tenants.created}>
                    <Moment at={createdAt} />
                  </Cell>
                </Table.Tr>
              ))}
            </RowTable>
          )}
        </PagedList>
      </Panel>
    </>
  );
}

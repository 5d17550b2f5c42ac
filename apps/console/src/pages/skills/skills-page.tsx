import { LIST_SKILLS } from '@linkbroker/contracts/api';
import { Badge, Group, Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import { callApi } from '../../api/api.js';
import { Icon } from '../../looks/icon.js';
import { Cell } from '../../parts/cell.js';
import { EmptyState } from '../../parts/empty-state.js';
import { AnchorLink, ButtonLink } from '../../parts/links.js';
import { PageHead } from '../../parts/page-head.js';
import { Panel } from '../../parts/panel.js';
import { QueryView } from '../../parts/query-view.js';
import { RowTable } from '../../parts/row-table.js';
import { useAccess, useTenant } from '../../session/use-access.js';
import { useTexts } from '../../texts/use-texts.js';

/** The skills of a tenant. */
export function SkillsPage(): ReactNode {
  const { skills } = useTexts();
  const tenant = useTenant();
  const query = useQuery({
    queryKey: ['skills', tenant],
    queryFn: ({ signal }) => callApi(LIST_SKILLS, { params: { tenant } }, signal),
  });
  return (
    <>
      <PageHead title={skills.title} text={skills.text}>
        <NewSkill />
      </PageHead>
      <Panel title={skills.title} quiet>
        <QueryView query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState icon="skills" title={skills.empty} text={skills.emptyText}>
                <NewSkill />
              </EmptyState>
            ) : (
              <SkillTable items={items} />
            )
          }
        </QueryView>
      </Panel>
    </>
  );
}

type Skill = z.output<(typeof LIST_SKILLS)['answer']>['items'][number];

function SkillTable({ items }: { readonly items: readonly Skill[] }): ReactNode {
  const { skills } = useTexts();
  const tenant = useTenant();
  return (
    <RowTable columns={[skills.name, skills.clientId, skills.connectors]}>
      {items.map(({ slug, name, clientId, connectors, relay, events }) => (
        <Table.Tr key={slug}>
          <Cell label={skills.name}>
            <Group gap="xs">
              <AnchorLink to="/t/$tenant/skills/$skill" params={{ tenant, skill: slug }} fw={600}>
                {name}
              </AnchorLink>
              {relay && <Badge variant="default">{skills.kinds.relay}</Badge>}
              {events && <Badge variant="default">{skills.kinds.events}</Badge>}
            </Group>
          </Cell>
          <Cell label={skills.clientId}>
            <code>{clientId}</code>
          </Cell>
          <Cell label={skills.connectors}>{connectors.join(', ')}</Cell>
        </Table.Tr>
      ))}
    </RowTable>
  );
}

function NewSkill(): ReactNode {
  const { setUp } = useTexts();
  const tenant = useTenant();
  const { may } = useAccess();
  if (!may('skills.write') || !may('connectors.write')) return null;
  return (
    <ButtonLink to="/t/$tenant/skills/new" params={{ tenant }} leftSection={<Icon name="plus" size={16} />}>
      {setUp.title}
    </ButtonLink>
  );
}

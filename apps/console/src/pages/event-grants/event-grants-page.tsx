import { LIST_EVENT_GRANTS } from '@linkbroker/contracts/api';
import { Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import { callApi } from '../../api/api.js';
import { Cell } from '../../parts/cell.js';
import { EmptyState } from '../../parts/empty-state.js';
import { Moment } from '../../parts/moment.js';
import { PageHead } from '../../parts/page-head.js';
import { PagedList, usePages } from '../../parts/paged-list.js';
import { Panel } from '../../parts/panel.js';
import { RowTable } from '../../parts/row-table.js';
import { StateMark } from '../../parts/state-mark.js';
import { useTenant } from '../../session/use-access.js';
import type { Tone } from '../../story/describe-step.js';
import { useTexts } from '../../texts/use-texts.js';
import { LinkCell } from '../links/link-cell.js';

type EventGrant = z.output<(typeof LIST_EVENT_GRANTS)['answer']>['items'][number];

const TONES: Readonly<Record<EventGrant['state'], Tone>> = {
  pending: 'plain',
  active: 'good',
  at_risk: 'odd',
  dead: 'bad',
  ended: 'plain',
};

/** For which links Alexa may be sent events, and how that is. */
export function EventGrantsPage(): ReactNode {
  const { eventGrants } = useTexts();
  const tenant = useTenant();
  const pages = usePages(['event-grants', tenant], (cursor, signal) =>
    callApi(LIST_EVENT_GRANTS, { params: { tenant }, query: { cursor } }, signal),
  );
  return (
    <>
      <PageHead title={eventGrants.title} text={eventGrants.text} />
      <Panel title={eventGrants.title} quiet>
        <PagedList
          pages={pages}
          empty={<EmptyState icon="eventGrants" title={eventGrants.empty} text={eventGrants.emptyText} />}
        >
          {(items) => <EventGrantTable items={items} />}
        </PagedList>
      </Panel>
    </>
  );
}

function EventGrantTable({ items }: { readonly items: readonly EventGrant[] }): ReactNode {
  const { eventGrants, links } = useTexts();
  return (
    <RowTable
      columns={[links.state, links.skill, eventGrants.used, eventGrants.renewed, links.trouble, eventGrants.since]}
    >
      {items.map((grant) => (
        <Row key={grant.id} grant={grant} />
      ))}
    </RowTable>
  );
}

function Row({ grant }: { readonly grant: EventGrant }): ReactNode {
  const { eventGrants, links, common } = useTexts();
  const { state, skill, link, lastUsedAt, refreshDueAt, failures, lastError, createdAt } = grant;
  return (
    <Table.Tr>
      <Cell label={links.state}>
        <StateMark tone={TONES[state]}>{eventGrants.states[state]}</StateMark>
      </Cell>
      <LinkCell link={link} skill={skill} />
      <Cell label={eventGrants.used}>{lastUsedAt === null ? common.never : <Moment at={lastUsedAt} />}</Cell>
      <Cell label={eventGrants.renewed}>{refreshDueAt === null ? common.none : <Moment at={refreshDueAt} />}</Cell>
      <Cell label={links.trouble}>
        {failures === 0 && lastError === null ? (
          <Text size="sm" c="dimmed">
            {common.none}
          </Text>
        ) : (
          `${links.failures(failures)}${lastError === null ? '' : `: ${lastError}`}`
        )}
      </Cell>
      <Cell label={eventGrants.since}>
        <Moment at={createdAt} />
      </Cell>
    </Table.Tr>
  );
}

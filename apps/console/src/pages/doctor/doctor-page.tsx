import { LIST_DOCTOR_RUNS } from '@linkbroker/contracts/api';
import { Alert, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import { callApi } from '../../api/api.js';
import { Icon } from '../../looks/icon.js';
import { Cell } from '../../parts/cell.js';
import { EmptyState } from '../../parts/empty-state.js';
import { AnchorLink, ButtonLink } from '../../parts/links.js';
import { Moment } from '../../parts/moment.js';
import { PageHead } from '../../parts/page-head.js';
import { Panel } from '../../parts/panel.js';
import { QueryView } from '../../parts/query-view.js';
import { RowTable } from '../../parts/row-table.js';
import { useAccess, useTenant } from '../../session/use-access.js';
import { useTexts } from '../../texts/use-texts.js';
import { Hosts } from './hosts.js';
import { RunState } from './run-state.js';

type Listed = z.output<(typeof LIST_DOCTOR_RUNS)['answer']>;
export type ListedRun = Listed['items'][number];

const LOOK_MS = 4_000;

/** Runs of the doctor, and the hosts that it may look at. */
export function DoctorPage(): ReactNode {
  const { doctor } = useTexts();
  const tenant = useTenant();
  const query = useQuery({
    queryKey: ['doctor-runs', tenant],
    queryFn: ({ signal }) => callApi(LIST_DOCTOR_RUNS, { params: { tenant } }, signal),
    refetchInterval: ({ state }) => (state.data?.items.some((run) => run.state === 'running') ? LOOK_MS : false),
  });
  const quota = query.data?.quota;
  return (
    <>
      <PageHead title={doctor.title} text={doctor.text}>
        {quota?.atOnce !== 0 && <StartRun />}
      </PageHead>
      {quota && <Warnings quota={quota} />}
      <Panel
        title={doctor.runs}
        aside={
          quota && (
            <Text size="sm" c="dimmed">
              {doctor.quota(quota.today, quota.aDay)}
            </Text>
          )
        }
      >
        <QueryView query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState icon="doctor" title={doctor.empty} text={doctor.emptyText} />
            ) : (
              <RunTable items={items} />
            )
          }
        </QueryView>
      </Panel>
      <Hosts />
    </>
  );
}

function StartRun(): ReactNode {
  const { doctor } = useTexts();
  const tenant = useTenant();
  const { may } = useAccess();
  if (!may('doctor.run')) return null;
  return (
    <ButtonLink to="/t/$tenant/doctor/new" params={{ tenant }} leftSection={<Icon name="doctor" size={16} />}>
      {doctor.start}
    </ButtonLink>
  );
}

/** What stands in the way of any run. */
export function Warnings({ quota }: { readonly quota: Listed['quota'] }): ReactNode {
  const { doctor } = useTexts();
  const says = quota.atOnce === 0 ? doctor.off : quota.browser ? undefined : doctor.noBrowser;
  if (says === undefined) return null;
  return (
    <Alert variant="light" color="yellow" icon={<Icon name="alert" />} mb="md">
      {says}
    </Alert>
  );
}

function RunTable({ items }: { readonly items: readonly ListedRun[] }): ReactNode {
  const { doctor } = useTexts();
  return (
    <RowTable columns={[doctor.server, doctor.state, doctor.found, doctor.begun]}>
      {items.map((run) => (
        <Row key={run.id} run={run} />
      ))}
    </RowTable>
  );
}

function Row({ run }: { readonly run: ListedRun }): ReactNode {
  const { doctor } = useTexts();
  const tenant = useTenant();
  const { host } = new URL(run.target.authorizeUrl);
  return (
    <Table.Tr>
      <Cell label={doctor.server}>
        <>
          <AnchorLink
            to="/t/$tenant/doctor/$run"
            params={{ tenant, run: run.id }}
            aria-label={doctor.open(run.target.skill ?? host)}
          >
            {run.target.skill ?? host}
          </AnchorLink>
          <Text size="xs" c="dimmed">
            {host}, {run.target.clientId}
          </Text>
        </>
      </Cell>
      <Cell label={doctor.state}>
        <RunState state={run.state} />
      </Cell>
      <Cell label={doctor.found}>
        <Found run={run} />
      </Cell>
      <Cell label={doctor.begun}>
        <>
          <Moment at={run.startedAt} />
          <Text size="xs" c="dimmed">
            {doctor.by(run.startedBy)}
          </Text>
        </>
      </Cell>
    </Table.Tr>
  );
}

function Found({ run: { summary, reason } }: { readonly run: ListedRun }): ReactNode {
  const { doctor, common } = useTexts();
  if (!summary) return <Text size="sm">{reason ?? common.none}</Text>;
  const parts = [
    ...(summary.fail > 0 ? [doctor.failedCount(summary.fail)] : []),
    ...(summary.warn > 0 ? [doctor.warnCount(summary.warn)] : []),
  ];
  return <Text size="sm">{parts.length === 0 ? doctor.allWell : parts.join(', ')}</Text>;
}

import { CANCEL_IMPORT, GET_IMPORT, LIST_TROUBLED_LINES, START_IMPORT } from '@linkbroker/contracts/api';
import { Button, SegmentedControl, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { callApi } from '../../api/api.js';
import { Icon } from '../../looks/icon.js';
import { Cell } from '../../parts/cell.js';
import { ConfirmDialog } from '../../parts/confirm-dialog.js';
import { EmptyState } from '../../parts/empty-state.js';
import { Moment } from '../../parts/moment.js';
import { PageHead } from '../../parts/page-head.js';
import { PagedList, usePages } from '../../parts/paged-list.js';
import { Panel } from '../../parts/panel.js';
import { QueryView } from '../../parts/query-view.js';
import { RowTable } from '../../parts/row-table.js';
import { sayDone } from '../../parts/say.js';
import { useCall } from '../../parts/use-call.js';
import { useSayFailure } from '../../parts/use-say-failure.js';
import { useAccess } from '../../session/use-access.js';
import { useTexts } from '../../texts/use-texts.js';
import { ImportState, isUnderWay, type Import } from './import-state.js';

const LOOK_MS = 3_000;
const FROM = '/shell/t/$tenant/imports/$import';

/** One import: how far the worker is, what Alexa has brought, and what is wrong with which line. */
export function ImportPage(): ReactNode {
  const { imports } = useTexts();
  const { tenant, import: id } = useParams({ from: FROM });
  const query = useQuery({
    queryKey: ['import', tenant, id],
    queryFn: ({ signal }) => callApi(GET_IMPORT, { params: { tenant, import: id } }, signal),
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? LOOK_MS : false),
  });
  return (
    <>
      <PageHead
        title={query.data ? imports.named(query.data.skill, query.data.connector) : imports.one}
        text={query.data && <Head found={query.data} />}
      >
        {query.data && <Actions tenant={tenant} found={query.data} />}
      </PageHead>
      <QueryView query={query}>{({ lines }) => <Progress lines={lines} />}</QueryView>
      <Troubled />
    </>
  );
}

function Head({ found }: { readonly found: Import }): ReactNode {
  const { imports } = useTexts();
  return (
    <>
      <ImportState found={found} /> {imports.keptUntil} <Moment at={found.keepUntil} /> · {imports.by(found.createdBy)}{' '}
      <Moment at={found.createdAt} />
    </>
  );
}

function Actions({ tenant, found }: { readonly tenant: string; readonly found: Import }): ReactNode {
  const { imports } = useTexts();
  const { may } = useAccess();
  const [cancelling, ask] = useState(false);
  if (!may('imports.write') || found.cancelledAt !== null) return null;
  return (
    <>
      {found.startedAt === null && <Start tenant={tenant} id={found.id} />}
      {found.lines.pending > 0 && (
        <Button color="red" variant="light" leftSection={<Icon name="revoke" size={16} />} onClick={() => ask(true)}>
          {imports.cancel}
        </Button>
      )}
      {cancelling && <Cancel tenant={tenant} id={found.id} onClose={() => ask(false)} />}
    </>
  );
}

interface OfImport {
  readonly tenant: string;
  readonly id: string;
}

function Start({ tenant, id }: OfImport): ReactNode {
  const { imports } = useTexts();
  const sayFailure = useSayFailure();
  const { mutate, isPending } = useCall(START_IMPORT, { stale: [['import', tenant, id]] });
  return (
    <Button
      loading={isPending}
      onClick={() => mutate({ params: { tenant, import: id } }, { onError: sayFailure })}
      leftSection={<Icon name="next" size={16} />}
    >
      {imports.start}
    </Button>
  );
}

function Cancel({ tenant, id, onClose }: OfImport & { readonly onClose: () => void }): ReactNode {
  const { imports } = useTexts();
  const { mutate, isPending, error } = useCall(CANCEL_IMPORT, {
    stale: [
      ['import', tenant, id],
      ['imports', tenant],
    ],
    done: ({ cancelledLines }) => {
      sayDone(imports.cancelled(cancelledLines));
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title={imports.cancelTitle}
      text={imports.cancelText}
      action={imports.cancel}
      busy={isPending}
      error={error}
      onConfirm={() => mutate({ params: { tenant, import: id } })}
      onClose={onClose}
    />
  );
}

const STEPS = ['pending', 'adopted', 'used', 'refused'] as const;

function Progress({ lines }: Pick<Import, 'lines'>): ReactNode {
  const { imports } = useTexts();
  const all = lines.adopted + lines.refused + lines.pending;
  return (
    <Panel title={imports.progress} text={lines.held > 0 ? imports.held(lines.held) : imports.progressText}>
      <ol className="lb-funnel">
        {STEPS.map((step) => (
          <li key={step}>
            <span>{imports[step]}</span>
            <meter min={0} max={Math.max(1, all)} value={lines[step]} aria-label={imports[step]} />
            <strong>{lines[step]}</strong>
            <Text size="xs" c="dimmed" component="span">
              {imports.share(all === 0 ? 0 : Math.floor((100 * lines[step]) / all))}
            </Text>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function Troubled(): ReactNode {
  const { imports } = useTexts();
  const { tenant, import: id } = useParams({ from: FROM });
  const { lines: state = 'refused' } = useSearch({ from: FROM });
  const pages = usePages(['imported-lines', tenant, id, state], (cursor, signal) =>
    callApi(LIST_TROUBLED_LINES, { params: { tenant, import: id }, query: { state, cursor } }, signal),
  );
  return (
    <Panel title={imports.troubled} aside={<StateFilter />}>
      <PagedList
        pages={pages}
        empty={<EmptyState icon="check" title={imports.noTrouble[state]} text={imports.noTroubleText} />}
      >
        {(items) => (
          <RowTable columns={[imports.lineNumber, imports.subject, imports.reason]}>
            {items.map(({ id: line, line: number, subject, reason }) => (
              <Table.Tr key={line}>
                <Cell label={imports.lineNumber}>{String(number)}</Cell>
                <Cell label={imports.subject}>{subject}</Cell>
                <Cell label={imports.reason}>{reason}</Cell>
              </Table.Tr>
            ))}
          </RowTable>
        )}
      </PagedList>
    </Panel>
  );
}

const STATES = ['refused', 'pending'] as const;

function StateFilter(): ReactNode {
  const { imports } = useTexts();
  const { tenant, import: id } = useParams({ from: FROM });
  const { lines = 'refused' } = useSearch({ from: FROM });
  const navigate = useNavigate();
  return (
    <SegmentedControl
      size="xs"
      aria-label={imports.troubled}
      value={lines}
      onChange={(next) => {
        const search = next === 'pending' ? { lines: 'pending' as const } : {};
        void navigate({ to: '/t/$tenant/imports/$import', params: { tenant, import: id }, search });
      }}
      data={STATES.map((one) => ({ value: one, label: imports.filters[one] }))}
    />
  );
}

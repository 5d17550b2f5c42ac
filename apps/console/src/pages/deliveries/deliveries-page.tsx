import { LIST_DELIVERIES, REPLAY_DEAD, REPLAY_EVENT } from '@linkbroker/contracts/api';
import { Button, SegmentedControl, Table, Text } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import { callApi } from '../../api/api.js';
import { Icon } from '../../looks/icon.js';
import { Cell } from '../../parts/cell.js';
import { EmptyState } from '../../parts/empty-state.js';
import { AnchorLink } from '../../parts/links.js';
import { Moment } from '../../parts/moment.js';
import { PageHead } from '../../parts/page-head.js';
import { PagedList, usePages } from '../../parts/paged-list.js';
import { Panel } from '../../parts/panel.js';
import { RowTable } from '../../parts/row-table.js';
import { sayDone } from '../../parts/say.js';
import { StateMark } from '../../parts/state-mark.js';
import { useCall } from '../../parts/use-call.js';
import { useSayFailure } from '../../parts/use-say-failure.js';
import { useAccess, useTenant } from '../../session/use-access.js';
import type { Tone } from '../../story/describe-step.js';
import { useTexts } from '../../texts/use-texts.js';

type Delivery = z.output<(typeof LIST_DELIVERIES)['answer']>['items'][number];

const STATES = ['pending', 'delivered', 'dead'] as const;
const TONES: Readonly<Record<Delivery['state'], Tone>> = { pending: 'plain', delivered: 'good', dead: 'bad' };

/** Events on their way to webhooks, and what became of them. */
export function DeliveriesPage(): ReactNode {
  const { deliveries } = useTexts();
  const tenant = useTenant();
  const { may } = useAccess();
  const { delivery: state } = useSearch({ from: '/shell/t/$tenant/deliveries' });
  const pages = usePages(['deliveries', tenant, state], (cursor, signal) =>
    callApi(LIST_DELIVERIES, { params: { tenant }, query: { state, cursor } }, signal),
  );
  return (
    <>
      <PageHead title={deliveries.title} text={deliveries.text}>
        {may('webhooks.write') && <ReplayDead />}
      </PageHead>
      <Panel title={deliveries.state} aside={<StateFilter state={state} />}>
        <PagedList
          pages={pages}
          empty={
            <EmptyState
              icon="deliveries"
              title={deliveries.empty}
              text={state ? deliveries.emptyFilter : deliveries.emptyText}
            />
          }
        >
          {(items) => <DeliveryTable items={items} />}
        </PagedList>
      </Panel>
    </>
  );
}

function StateFilter({ state }: { readonly state: Delivery['state'] | undefined }): ReactNode {
  const { deliveries } = useTexts();
  const tenant = useTenant();
  const navigate = useNavigate();
  return (
    <SegmentedControl
      size="xs"
      aria-label={deliveries.state}
      value={state ?? 'any'}
      onChange={(next) => {
        const chosen = STATES.find((one) => one === next);
        void navigate({
          to: '/t/$tenant/deliveries',
          params: { tenant },
          search: chosen ? { delivery: chosen } : {},
        });
      }}
      data={[
        { value: 'any', label: deliveries.any },
        ...STATES.map((one) => ({ value: one, label: deliveries.states[one] })),
      ]}
    />
  );
}

function DeliveryTable({ items }: { readonly items: readonly Delivery[] }): ReactNode {
  const { deliveries } = useTexts();
  return (
    <RowTable
      columns={[deliveries.state, deliveries.event, deliveries.webhook, deliveries.attempts, deliveries.occurred]}
      actions
    >
      {items.map((delivery) => (
        <Row key={`${delivery.eventId} ${delivery.url}`} delivery={delivery} />
      ))}
    </RowTable>
  );
}

function Row({ delivery }: { readonly delivery: Delivery }): ReactNode {
  const { deliveries, links } = useTexts();
  const tenant = useTenant();
  const { may } = useAccess();
  const { state, type, skill, linkId, url, occurredAt, eventId } = delivery;
  return (
    <Table.Tr>
      <Cell label={deliveries.state}>
        <StateMark tone={TONES[state]}>{deliveries.states[state]}</StateMark>
      </Cell>
      <Cell label={deliveries.event}>
        <>
          {linkId === null ? (
            <Text size="sm">{type}</Text>
          ) : (
            <AnchorLink
              to="/t/$tenant/links/$link"
              params={{ tenant, link: linkId }}
              aria-label={`${type}, ${links.open(linkId.slice(0, 8))}`}
            >
              {type}
            </AnchorLink>
          )}
          <Text size="xs" c="dimmed">
            {skill}
          </Text>
        </>
      </Cell>
      <Cell label={deliveries.webhook}>{url}</Cell>
      <Cell label={deliveries.attempts}>
        <Tries delivery={delivery} />
      </Cell>
      <Cell label={deliveries.occurred}>
        <Moment at={occurredAt} />
      </Cell>
      <Table.Td className="lb-fit">
        {may('webhooks.write') && state !== 'pending' && <Replay event={eventId} />}
      </Table.Td>
    </Table.Tr>
  );
}

/** How often it was tried, and what came back. */
function Tries({ delivery }: { readonly delivery: Delivery }): ReactNode {
  const { deliveries, timeline } = useTexts();
  const { attempts, lastStatus, lastError, nextAttemptAt } = delivery;
  return (
    <div>
      {attempts}
      {(lastError !== null || lastStatus !== null) && (
        <Text size="xs" c="dimmed" title={deliveries.lastAnswer}>
          {lastStatus !== null && `${timeline.status} ${String(lastStatus)} `}
          {lastError}
        </Text>
      )}
      {nextAttemptAt !== null && (
        <Text size="xs" c="dimmed" component="div">
          {deliveries.next} <Moment at={nextAttemptAt} />
        </Text>
      )}
    </div>
  );
}

function useSayReplayed(): (answer: { deliveries: number }) => void {
  const { deliveries } = useTexts();
  return ({ deliveries: count }) => sayDone(count === 0 ? deliveries.replayNone : deliveries.replayDone(count));
}

function Replay({ event }: { readonly event: string }): ReactNode {
  const { deliveries } = useTexts();
  const tenant = useTenant();
  const sayFailure = useSayFailure();
  const { mutate, isPending } = useCall(REPLAY_EVENT, { stale: [['deliveries', tenant]], done: useSayReplayed() });
  return (
    <Button
      size="compact-sm"
      variant="default"
      loading={isPending}
      onClick={() => mutate({ params: { tenant, event } }, { onError: sayFailure })}
    >
      {deliveries.replay}
    </Button>
  );
}

function ReplayDead(): ReactNode {
  const { deliveries } = useTexts();
  const tenant = useTenant();
  const sayFailure = useSayFailure();
  const { mutate, isPending } = useCall(REPLAY_DEAD, { stale: [['deliveries', tenant]], done: useSayReplayed() });
  return (
    <Button
      variant="default"
      title={deliveries.replayDeadText}
      loading={isPending}
      leftSection={<Icon name="refresh" size={16} />}
      onClick={() => mutate({ params: { tenant } }, { onError: sayFailure })}
    >
      {deliveries.replayDead}
    </Button>
  );
}

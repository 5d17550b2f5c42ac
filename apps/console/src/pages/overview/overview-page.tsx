import { GET_OVERVIEW, LIST_DELIVERIES, LIST_LINKS, TENANT_TRACES } from '@linkbroker/contracts/api';
import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { callApi } from '../../api/api.js';
import { AnchorLink } from '../../parts/links.js';
import { LoadingRows } from '../../parts/loading-rows.js';
import { PageHead } from '../../parts/page-head.js';
import { Panel } from '../../parts/panel.js';
import { QueryView } from '../../parts/query-view.js';
import { StateMark } from '../../parts/state-mark.js';
import { Causes } from '../../parts/timeline/causes.js';
import { useAccess, useTenant } from '../../session/use-access.js';
import { Funnel, TokenAnswers } from './funnel.js';
import { useTenants } from '../../shell/use-tenants.js';
import { readTimeline } from '../../story/timeline.js';
import { useTexts } from '../../texts/use-texts.js';

/** The library that draws comes after the figures. */
const OverviewCharts = lazy(async () => ({
  default: (await import('../../charts/overview-charts.js')).OverviewCharts,
}));

/** As many as are counted; beyond it is "or more". */
const MOST = 50;
const DAY_MS = 86_400_000;
const STATES = ['at_risk', 'dead', 'failing'] as const;

/** What needs somebody, as far as the API can tell now. Nothing here is estimated. */
export function OverviewPage(): ReactNode {
  const { overview } = useTexts();
  const { may } = useAccess();
  const tenant = useTenant();
  const name = useTenants().find(({ slug }) => slug === tenant)?.name ?? tenant;
  return (
    <>
      <PageHead title={name} text={overview.title} />
      {may('links.read') && <Unwell />}
      {may('links.read') && <Linking />}
      {may('timelines.read') && <Failures />}
      {may('webhooks.read') && <GivenUp />}
    </>
  );
}

function useCount(state: (typeof STATES)[number]) {
  const tenant = useTenant();
  return useQuery({
    queryKey: ['links', tenant, 'count', state],
    queryFn: async ({ signal }) => {
      const { items, next } = await callApi(LIST_LINKS, { params: { tenant }, query: { state, limit: MOST } }, signal);
      return { count: items.length, more: next !== null };
    },
  });
}

function Unwell(): ReactNode {
  const { overview } = useTexts();
  return (
    <Panel title={overview.unwell}>
      <div className="lb-tiles">
        {STATES.map((state) => (
          <Tile key={state} state={state} />
        ))}
      </div>
    </Panel>
  );
}

function Tile({ state }: { readonly state: (typeof STATES)[number] }): ReactNode {
  const { overview } = useTexts();
  const tenant = useTenant();
  const query = useCount(state);
  const [title, text] = {
    at_risk: [overview.atRisk, overview.atRiskText],
    dead: [overview.dead, overview.deadText],
    failing: [overview.failing, overview.failingText],
  }[state] as [string, string];
  return (
    <QueryView query={query} rows={2}>
      {({ count, more }) => (
        <Link className="lb-tile" to="/t/$tenant/links" params={{ tenant }} search={{ state }}>
          <Text size="sm" fw={600} component="span">
            {title}
          </Text>
          <strong>{more ? overview.atLeast(count) : count}</strong>
          <Text size="xs" c="dimmed" component="span">
            {text}
          </Text>
        </Link>
      )}
    </QueryView>
  );
}

function Linking(): ReactNode {
  const tenant = useTenant();
  const query = useQuery({
    queryKey: ['overview', tenant],
    queryFn: ({ signal }) => callApi(GET_OVERVIEW, { params: { tenant } }, signal),
  });
  return (
    <QueryView query={query}>
      {(found) => (
        <>
          <Funnel funnel={found.funnel} />
          <TokenAnswers tokenAnswers={found.tokenAnswers} />
          <Suspense fallback={<LoadingRows rows={8} />}>
            <OverviewCharts overview={found} />
          </Suspense>
        </>
      )}
    </QueryView>
  );
}

function Failures(): ReactNode {
  const { overview } = useTexts();
  const tenant = useTenant();
  const [from] = useState(() => new Date(Date.now() - DAY_MS).toISOString());
  const query = useQuery({
    queryKey: ['traces', tenant, 'failures', from],
    queryFn: ({ signal }) => callApi(TENANT_TRACES, { params: { tenant }, query: { from, limit: 1_000 } }, signal),
  });
  return (
    <Panel title={overview.attempts} text={overview.newest}>
      <QueryView query={query}>
        {(raw) => {
          const failures = readTimeline(raw).causes.filter(({ severity }) => severity === 'failure');
          if (failures.length === 0) return <StateMark tone="good">{overview.noFailures}</StateMark>;
          return <Causes causes={failures.slice(0, 10)} />;
        }}
      </QueryView>
    </Panel>
  );
}

function GivenUp(): ReactNode {
  const { overview } = useTexts();
  const tenant = useTenant();
  const query = useQuery({
    queryKey: ['deliveries', tenant, 'count'],
    queryFn: ({ signal }) =>
      callApi(LIST_DELIVERIES, { params: { tenant }, query: { state: 'dead', limit: MOST } }, signal),
  });
  return (
    <Panel title={overview.givenUp}>
      <QueryView query={query} rows={2}>
        {({ items, next }) =>
          items.length === 0 ? (
            <StateMark tone="good">{overview.noDead}</StateMark>
          ) : (
            <Group>
              <Text fw={600}>{next === null ? items.length : overview.atLeast(items.length)}</Text>
              <AnchorLink to="/t/$tenant/deliveries" params={{ tenant }} search={{ delivery: 'dead' }}>
                {overview.show}
              </AnchorLink>
            </Group>
          )
        }
      </QueryView>
    </Panel>
  );
}

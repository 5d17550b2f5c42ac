import { TENANT_TRACES } from '@linkbroker/contracts/api';
import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { callApi } from '../../api/api.js';
import { ButtonLink } from '../../parts/links.js';
import { PageHead } from '../../parts/page-head.js';
import { QueryView } from '../../parts/query-view.js';
import { TimelineView } from '../../parts/timeline/timeline-view.js';
import type { TracesSearch } from '../../search.js';
import { useTenant } from '../../session/use-access.js';
import { readTimeline } from '../../story/timeline.js';
import { useTexts } from '../../texts/use-texts.js';
import { TraceSearch } from './trace-search.js';

const LIMIT = 100;

/** What happened in a tenant, by reference, time or kind. */
export function TracesPage(): ReactNode {
  const { traces } = useTexts();
  const tenant = useTenant();
  const search = useSearch({ from: '/shell/t/$tenant/traces' });
  const navigate = useNavigate();
  const query = useQuery({
    queryKey: ['traces', tenant, search],
    queryFn: ({ signal }) => callApi(TENANT_TRACES, { params: { tenant }, query: queryOf(search) }, signal),
  });
  const go = (next: TracesSearch): void => void navigate({ to: '/t/$tenant/traces', params: { tenant }, search: next });
  return (
    <>
      <PageHead title={traces.title} text={traces.text} />
      <TraceSearch key={JSON.stringify(search)} search={search} onSearch={go} />
      <QueryView query={query} rows={8}>
        {(raw) => {
          const timeline = readTimeline(raw);
          return (
            <TimelineView timeline={timeline} raw={raw}>
              <Group mt="md" gap="xs">
                {timeline.linkId !== null && (
                  <ButtonLink to="/t/$tenant/links/$link" params={{ tenant, link: timeline.linkId }} variant="light">
                    {traces.toLink}
                  </ButtonLink>
                )}
                {search.before !== undefined && (
                  <Button variant="default" onClick={() => go(withoutBefore(search))}>
                    {traces.newest}
                  </Button>
                )}
                {timeline.before !== null && timeline.entries.length > 0 && (
                  <Button variant="default" onClick={() => go({ ...search, before: timeline.before ?? '' })}>
                    {traces.older}
                  </Button>
                )}
              </Group>
            </TimelineView>
          );
        }}
      </QueryView>
    </>
  );
}

const withoutBefore = ({ before: _, ...rest }: TracesSearch): TracesSearch => rest;

/** What of a search the API is asked: a reference stands alone. */
function queryOf({ ref, ...rest }: TracesSearch): TracesSearch & { limit: number } {
  return ref === undefined ? { ...rest, limit: LIMIT } : { ref, limit: 1_000 };
}

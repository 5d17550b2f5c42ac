import { LINK_TIMELINE } from '@linkbroker/contracts/api';
import { Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { callApi } from '../../api/api.js';
import { QueryView } from '../../parts/query-view.js';
import { TimelineView } from '../../parts/timeline/timeline-view.js';
import { readTimeline } from '../../story/timeline.js';
import { useTexts } from '../../texts/use-texts.js';

const FEW = 200;
const MOST = 1_000;

/** What happened to a link. */
export function LinkTimeline({ link }: { readonly link: string }): ReactNode {
  const { timeline } = useTexts();
  const [limit, widen] = useState(FEW);
  const query = useQuery({
    queryKey: ['timeline', link, limit],
    queryFn: ({ signal }) => callApi(LINK_TIMELINE, { params: { link }, query: { limit } }, signal),
    placeholderData: (before) => before,
  });
  return (
    <QueryView query={query} rows={8}>
      {(raw) => (
        <TimelineView timeline={readTimeline(raw)} raw={raw}>
          {raw.entries.length >= limit && (
            <Group mt="md" gap="sm">
              <Text size="sm" c="dimmed">
                {timeline.limited(raw.entries.length)}
              </Text>
              {limit < MOST && (
                <Button size="xs" variant="default" loading={query.isFetching} onClick={() => widen(MOST)}>
                  {timeline.showAll}
                </Button>
              )}
            </Group>
          )}
        </TimelineView>
      )}
    </QueryView>
  );
}

import { GET_LINK } from '@linkbroker/contracts/api';
import { Alert, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import { callApi } from '../../api/api.js';
import { Moment } from '../../parts/moment.js';
import { PageHead } from '../../parts/page-head.js';
import { Panel } from '../../parts/panel.js';
import { QueryView } from '../../parts/query-view.js';
import { useAccess } from '../../session/use-access.js';
import type { Texts } from '../../texts/en.js';
import { useTexts } from '../../texts/use-texts.js';
import { Grants } from './grants.js';
import { LinkActions } from './link-actions.js';
import { LinkState } from './link-state.js';
import { LinkTimeline } from './link-timeline.js';

export type LinkDetails = z.output<(typeof GET_LINK)['answer']>;

/** One link: how it is, what happened to it, and what can be done for it. */
export function LinkPage(): ReactNode {
  const { link: words } = useTexts();
  const { tenant, link } = useParams({ from: '/shell/t/$tenant/links/$link' });
  const { may } = useAccess();
  const query = useQuery({
    queryKey: ['link', tenant, link],
    queryFn: ({ signal }) => callApi(GET_LINK, { params: { tenant, link } }, signal),
  });
  return (
    <>
      <PageHead
        title={query.data ? `${words.title} ${link.slice(0, 8)}` : words.title}
        text={
          <Text component="span" ff="monospace" size="xs">
            {link}
          </Text>
        }
      >
        {query.data && <LinkActions link={query.data} />}
      </PageHead>
      <QueryView query={query}>
        {(found) => (
          <>
            <Facts link={found} />
            {may('timelines.read') ? (
              <LinkTimeline link={found.id} />
            ) : (
              <Alert variant="light">
                <NoTimeline />
              </Alert>
            )}
            <Grants grants={found.grants} />
          </>
        )}
      </QueryView>
    </>
  );
}

const NoTimeline = (): ReactNode => useTexts().timeline.noPermission;

/** A link's state as a sentence that says who has to do what. */
export function stateInWords(
  { state, liveGrants }: Pick<LinkDetails, 'state' | 'liveGrants'>,
  { link }: Texts,
): string {
  return state === 'active' && liveGrants === 0 ? link.words.activeIdle : link.words[state];
}

function Facts({ link }: { readonly link: LinkDetails }): ReactNode {
  const texts = useTexts();
  const { link: words, links, common } = texts;
  const failing = link.lastError === null || link.failures === 0 ? '' : ` ${words.lastError(link.lastError)}`;
  return (
    <Panel title={links.state} aside={<LinkState state={link.state} />} text={`${stateInWords(link, texts)}${failing}`}>
      <dl className="lb-facts">
        <Fact name={words.skill}>{link.skill}</Fact>
        <Fact name={words.connector}>
          {link.connector === link.provider ? link.connector : `${link.connector} (${link.provider})`}
        </Fact>
        <Fact name={words.linked}>
          <Moment at={link.createdAt} />
        </Fact>
        <Fact name={words.accessExpires}>
          {link.accessExpiresAt === null ? common.notKnown : <Moment at={link.accessExpiresAt} />}
        </Fact>
        <Fact name={words.refreshDue}>
          {link.refreshDueAt === null ? words.noRefresh : <Moment at={link.refreshDueAt} />}
        </Fact>
        {link.failures > 0 && <Fact name={links.trouble}>{links.failures(link.failures)}</Fact>}
      </dl>
    </Panel>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

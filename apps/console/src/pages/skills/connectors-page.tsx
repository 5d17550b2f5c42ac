import { LIST_CONNECTORS } from '@linkbroker/contracts/api';
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import { callApi } from '../../api/api.js';
import { Icon } from '../../looks/icon.js';
import { CopyField } from '../../parts/copy-field.js';
import { EmptyState } from '../../parts/empty-state.js';
import { ButtonLink } from '../../parts/links.js';
import { PageHead } from '../../parts/page-head.js';
import { Panel } from '../../parts/panel.js';
import { QueryView } from '../../parts/query-view.js';
import { useAccess, useTenant } from '../../session/use-access.js';
import { useTexts } from '../../texts/use-texts.js';

/** A tenant's own clients at providers, with what has to be registered there. */
export function ConnectorsPage(): ReactNode {
  const { connectors } = useTexts();
  const tenant = useTenant();
  const query = useQuery({
    queryKey: ['connectors', tenant],
    queryFn: ({ signal }) => callApi(LIST_CONNECTORS, { params: { tenant } }, signal),
  });
  return (
    <>
      <PageHead title={connectors.title} text={connectors.text}>
        <NewConnector />
      </PageHead>
      <QueryView query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Panel title={connectors.title} quiet>
              <EmptyState icon="connectors" title={connectors.empty} text={connectors.emptyText}>
                <NewConnector />
              </EmptyState>
            </Panel>
          ) : (
            items.map((connector) => <ConnectorPanel key={connector.slug} connector={connector} />)
          )
        }
      </QueryView>
    </>
  );
}

type Connector = z.output<(typeof LIST_CONNECTORS)['answer']>['items'][number];

function ConnectorPanel({ connector }: { readonly connector: Connector }): ReactNode {
  const { connectors } = useTexts();
  const tenant = useTenant();
  const { may } = useAccess();
  const { slug, name = slug } = connector;
  return (
    <Panel
      title={name}
      text={slug}
      aside={
        <ButtonLink
          to="/t/$tenant/connectors/$connector"
          params={{ tenant, connector: slug }}
          size="xs"
          variant="default"
          aria-label={connectors.open(name)}
        >
          {may('connectors.write') ? connectors.edit : connectors.look}
        </ButtonLink>
      }
    >
      <dl className="lb-facts">
        <Fact name={connectors.provider}>{connector.provider}</Fact>
        <Fact name={connectors.clientId}>{connector.clientId}</Fact>
        {connector.issuer !== undefined && <Fact name={connectors.issuer}>{connector.issuer}</Fact>}
        <Fact name={connectors.usedBy}>{connector.skills.join(', ') || connectors.nobody}</Fact>
      </dl>
      <Text size="sm" c="dimmed" mt="md">
        {connectors.callbackText}
      </Text>
      <CopyField label={connectors.callback} value={connector.callbackUrl} />
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

function NewConnector(): ReactNode {
  const { connectors } = useTexts();
  const tenant = useTenant();
  if (!useAccess().may('connectors.write')) return null;
  return (
    <ButtonLink to="/t/$tenant/connectors/new" params={{ tenant }} leftSection={<Icon name="plus" size={16} />}>
      {connectors.create}
    </ButtonLink>
  );
}

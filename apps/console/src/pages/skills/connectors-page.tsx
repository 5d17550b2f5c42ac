import { LIST_CONNECTORS } from '@linkbroker/contracts/api';
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { callApi } from '../../api/api.js';
import { CopyField } from '../../parts/copy-field.js';
import { EmptyState } from '../../parts/empty-state.js';
import { PageHead } from '../../parts/page-head.js';
import { Panel } from '../../parts/panel.js';
import { QueryView } from '../../parts/query-view.js';
import { useTenant } from '../../session/use-access.js';
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
      <PageHead title={connectors.title} text={connectors.text} />
      <QueryView query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Panel title={connectors.title} quiet>
              <EmptyState icon="connectors" title={connectors.empty} text={connectors.emptyText} />
            </Panel>
          ) : (
            items.map((connector) => (
              <Panel key={connector.slug} title={connector.name ?? connector.slug} text={connector.slug}>
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
            ))
          )
        }
      </QueryView>
    </>
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

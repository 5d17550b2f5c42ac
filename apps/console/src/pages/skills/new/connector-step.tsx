import { GET_CONNECTOR, type CatalogueEntry } from '@linkbroker/contracts/api';
import { Button, Group } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { Icon } from '../../../looks/icon.js';
import { EmptyState } from '../../../parts/empty-state.js';
import { useTagged } from '../../../parts/form/use-tagged.js';
import { Panel } from '../../../parts/panel.js';
import { QueryView } from '../../../parts/query-view.js';
import type { NewSkillSearch } from '../../../search.js';
import { useTenant } from '../../../session/use-access.js';
import { useTexts } from '../../../texts/use-texts.js';
import { entryOf, useCatalogue, useConnectors } from '../catalogue.js';
import { Quirks } from '../connector/callback.js';
import { ConnectionTest } from '../connector/connection-test.js';
import { connectorDraftOf, newConnectorDraft } from '../connector/connector-draft.js';
import { ConnectorForm } from '../connector/connector-form.js';
import { isGeneral } from '../connector/general.js';

type Go = (next: NewSkillSearch, replace?: boolean) => void;

/** The client at the provider: made, tried, and corrected until it works. */
export function ConnectorStep({ search, go }: { readonly search: NewSkillSearch; readonly go: Go }): ReactNode {
  const { setUp } = useTexts();
  const catalogue = useCatalogue();
  const { provider, connector } = search;
  return (
    <QueryView query={catalogue} rows={8}>
      {({ items }) => {
        if (connector !== undefined) return <MadeConnector connector={connector} items={items} go={go} />;
        const entry = entryOf(items, provider ?? '');
        if (entry) return <FirstConnector entry={entry} go={go} />;
        return (
          <EmptyState icon="provider" title={setUp.noProvider} text={setUp.noProviderText}>
            <Button onClick={() => go({})}>{setUp.steps.provider}</Button>
          </EmptyState>
        );
      }}
    </QueryView>
  );
}

function FirstConnector({ entry, go }: { readonly entry: CatalogueEntry; readonly go: Go }): ReactNode {
  const { setUp } = useTexts();
  const connectors = useConnectors();
  return (
    <Panel title={setUp.clientAt(isGeneral(entry.id) ? setUp.yourProvider : entry.name)} text={setUp.clientAtText}>
      <Quirks entry={entry} />
      <QueryView query={connectors} rows={6}>
        {({ items }) => (
          <ConnectorForm
            entry={entry}
            was={newConnectorDraft(entry)}
            taken={items.map(({ slug }) => slug)}
            action={setUp.saveConnector}
            onSaved={(slug) => go({ step: 'connector', provider: entry.id, connector: slug }, true)}
            onReload={() => void connectors.refetch()}
          />
        )}
      </QueryView>
    </Panel>
  );
}

interface MadeProps {
  readonly connector: string;
  readonly items: readonly CatalogueEntry[];
  readonly go: Go;
}

function MadeConnector({ connector, items, go }: MadeProps): ReactNode {
  const { setUp, connectors, common } = useTexts();
  const tenant = useTenant();
  const [version, read] = useState(0);
  const again = (): void => read(version + 1);
  const query = useTagged(['connector', tenant, connector, String(version)], GET_CONNECTOR, {
    params: { tenant, connector },
  });
  return (
    <>
      <Panel title={connectors.test}>
        <ConnectionTest key={version} connector={connector} atOnce />
        <Group mt="md">
          <Button onClick={() => go({ step: 'skill', connector })} rightSection={<Icon name="next" size={16} />}>
            {setUp.toSkill}
          </Button>
        </Group>
      </Panel>
      <Panel title={connectors.settings}>
        <QueryView query={query} rows={6}>
          {({ answer, tag }) => {
            const entry = entryOf(items, answer.provider);
            return (
              entry && (
                <ConnectorForm
                  key={tag}
                  {...{ entry, tag, slug: connector, taken: [], action: common.save }}
                  was={connectorDraftOf(answer)}
                  onSaved={again}
                  onReload={again}
                />
              )
            );
          }}
        </QueryView>
      </Panel>
    </>
  );
}

import { GET_CONNECTOR, REMOVE_CONNECTOR } from '@linkbroker/contracts/api';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { PageHead } from '../../../parts/page-head.js';
import { Panel } from '../../../parts/panel.js';
import { QueryView } from '../../../parts/query-view.js';
import { sayDone } from '../../../parts/say.js';
import { useTagged } from '../../../parts/form/use-tagged.js';
import { useCall } from '../../../parts/use-call.js';
import { useAccess } from '../../../session/use-access.js';
import { useTexts } from '../../../texts/use-texts.js';
import { entryOf, useCatalogue } from '../catalogue.js';
import { RemoveButton } from '../../../parts/remove-button.js';
import { Quirks } from './callback.js';
import { connectorDraftOf } from './connector-draft.js';
import { ConnectionTest } from './connection-test.js';
import { ConnectorForm } from './connector-form.js';

/** One connector: changed, tried, removed. */
export function ConnectorPage(): ReactNode {
  const { connectors } = useTexts();
  const { tenant, connector } = useParams({ from: '/shell/t/$tenant/connectors/$connector' });
  const allowed = useAccess().may('connectors.write');
  return (
    <>
      <PageHead title={connector} text={connectors.one}>
        {allowed && <RemoveConnector tenant={tenant} connector={connector} />}
      </PageHead>
      {allowed && (
        <Panel title={connectors.test}>
          <ConnectionTest connector={connector} />
        </Panel>
      )}
      <ConnectorPanel key={connector} tenant={tenant} connector={connector} allowed={allowed} />
    </>
  );
}

interface PanelProps {
  readonly tenant: string;
  readonly connector: string;
  readonly allowed: boolean;
}

function ConnectorPanel({ tenant, connector, allowed }: PanelProps): ReactNode {
  const { connectors, common } = useTexts();
  const [version, read] = useState(0);
  const catalogue = useCatalogue();
  const query = useTagged(['connector', tenant, connector, String(version)], GET_CONNECTOR, {
    params: { tenant, connector },
  });
  return (
    <Panel title={connectors.settings} text={!allowed && connectors.readOnly}>
      <QueryView query={catalogue}>
        {({ items }) => (
          <QueryView query={query} rows={8}>
            {({ answer, tag }) => {
              const entry = entryOf(items, answer.provider);
              if (!entry || !allowed) return <pre className="lb-json">{JSON.stringify(answer, null, 2)}</pre>;
              return (
                <>
                  <Quirks entry={entry} />
                  <ConnectorForm
                    key={tag}
                    {...{ entry, tag, slug: connector, taken: [], action: common.save }}
                    was={connectorDraftOf(answer)}
                    onSaved={() => {
                      sayDone(common.saved);
                      read(version + 1);
                    }}
                    onReload={() => read(version + 1)}
                  />
                </>
              );
            }}
          </QueryView>
        )}
      </QueryView>
    </Panel>
  );
}

function RemoveConnector({ tenant, connector }: { readonly tenant: string; readonly connector: string }): ReactNode {
  const { connectors } = useTexts();
  const navigate = useNavigate();
  const call = useCall(REMOVE_CONNECTOR, {
    stale: [['connectors', tenant]],
    done: () => {
      sayDone(connectors.removed);
      void navigate({ to: '/t/$tenant/connectors', params: { tenant } });
    },
  });
  return (
    <RemoveButton
      title={connectors.removeTitle(connector)}
      text={connectors.removeText}
      word={connector}
      call={call}
      onRemove={(liveGrants) => call.mutate({ params: { tenant, connector }, query: { liveGrants } })}
    />
  );
}

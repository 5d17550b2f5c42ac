import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { PageHead } from '../../../parts/page-head.js';
import { Panel } from '../../../parts/panel.js';
import { QueryView } from '../../../parts/query-view.js';
import { useTenant } from '../../../session/use-access.js';
import { useTexts } from '../../../texts/use-texts.js';
import { entryOf, useCatalogue, useConnectors } from '../catalogue.js';
import { Quirks } from './callback.js';
import { newConnectorDraft } from './connector-draft.js';
import { ConnectorForm } from './connector-form.js';
import { ProviderCards } from './provider-cards.js';

/** Makes a connector: first which provider, then what it needs. */
export function NewConnectorPage(): ReactNode {
  const { connectors, setUp } = useTexts();
  const tenant = useTenant();
  const navigate = useNavigate();
  const { provider } = useSearch({ from: '/shell/t/$tenant/connectors/new' });
  const catalogue = useCatalogue();
  const chosen = provider === undefined ? undefined : entryOf(catalogue.data?.items ?? [], provider);
  const choose = (id: string): void =>
    void navigate({ to: '/t/$tenant/connectors/new', params: { tenant }, search: { provider: id } });
  return (
    <>
      <PageHead title={connectors.create} text={chosen ? chosen.name : setUp.providerText} />
      <Panel title={connectors.create} quiet>
        <QueryView query={catalogue} rows={8}>
          {({ items }) =>
            chosen ? <NewConnector key={chosen.id} entry={chosen} /> : <ProviderCards items={items} onChoose={choose} />
          }
        </QueryView>
      </Panel>
    </>
  );
}

function NewConnector({ entry }: { readonly entry: Parameters<typeof Quirks>[0]['entry'] }): ReactNode {
  const { common } = useTexts();
  const tenant = useTenant();
  const navigate = useNavigate();
  const connectors = useConnectors();
  return (
    <>
      <Quirks entry={entry} />
      <QueryView query={connectors}>
        {({ items }) => (
          <ConnectorForm
            entry={entry}
            was={newConnectorDraft(entry)}
            taken={items.map(({ slug }) => slug)}
            action={common.create}
            onSaved={(connector) =>
              void navigate({ to: '/t/$tenant/connectors/$connector', params: { tenant, connector } })
            }
            onReload={() => void connectors.refetch()}
          />
        )}
      </QueryView>
    </>
  );
}

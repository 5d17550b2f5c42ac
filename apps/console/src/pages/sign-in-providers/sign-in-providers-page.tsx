import {
  ADD_PROVIDER,
  ADD_TENANT_PROVIDER,
  LIST_PROVIDERS,
  LIST_TENANT_PROVIDERS,
  REMOVE_PROVIDER,
  REMOVE_TENANT_PROVIDER,
} from '@linkbroker/contracts/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { callApi } from '../../api/api.js';
import { EmptyState } from '../../parts/empty-state.js';
import { PageHead } from '../../parts/page-head.js';
import { Panel } from '../../parts/panel.js';
import { QueryView } from '../../parts/query-view.js';
import { sayDone } from '../../parts/say.js';
import { useAccess, useTenant } from '../../session/use-access.js';
import { useTexts } from '../../texts/use-texts.js';
import { NewSignInProvider, type WantedProvider } from './new-sign-in-provider.js';
import { SignInProviderTable, type SignInProvider } from './sign-in-provider-table.js';

/** Whose providers a page is about, and how they are changed. */
interface Registry {
  readonly key: readonly string[];
  readonly list: (signal: AbortSignal) => Promise<{ readonly items: readonly SignInProvider[] }>;
  readonly add: (wanted: WantedProvider) => Promise<unknown>;
  readonly remove: (id: string) => Promise<unknown>;
}

/** OpenID providers that let people into one tenant. */
export function TenantSignInProvidersPage(): ReactNode {
  const { signInProviders } = useTexts();
  const tenant = useTenant();
  const registry: Registry = {
    key: ['sign-in-providers', 'of', tenant],
    list: (signal) => callApi(LIST_TENANT_PROVIDERS, { params: { tenant } }, signal),
    add: (body) => callApi(ADD_TENANT_PROVIDER, { params: { tenant }, body }),
    remove: (id) => callApi(REMOVE_TENANT_PROVIDER, { params: { tenant, id } }),
  };
  return (
    <Providers
      registry={registry}
      text={signInProviders.textTenant}
      allowed={useAccess().may('members.write')}
      shared={false}
    />
  );
}

/** OpenID providers for everybody. */
export function InstallationSignInProvidersPage(): ReactNode {
  const { signInProviders } = useTexts();
  const registry: Registry = {
    key: ['sign-in-providers', 'of-all'],
    list: (signal) => callApi(LIST_PROVIDERS, {}, signal),
    add: (body) => callApi(ADD_PROVIDER, { body }),
    remove: (id) => callApi(REMOVE_PROVIDER, { params: { id } }),
  };
  return <Providers registry={registry} text={signInProviders.textAll} allowed={useAccess().operator} shared />;
}

interface Props {
  readonly registry: Registry;
  readonly text: string;
  readonly allowed: boolean;
  /** Whether the sign-in page offers them to everybody. */
  readonly shared: boolean;
}

function Providers({ registry, text, allowed, shared }: Props): ReactNode {
  const { signInProviders } = useTexts();
  const client = useQueryClient();
  const read = (): Promise<void> => client.invalidateQueries({ queryKey: ['sign-in-providers'] });
  const query = useQuery({ queryKey: registry.key, queryFn: ({ signal }) => registry.list(signal) });
  const add = useMutation({ mutationFn: registry.add, onSuccess: read });
  const remove = useMutation({
    mutationFn: registry.remove,
    onSuccess: () => {
      sayDone(signInProviders.removed);
      return read();
    },
  });
  return (
    <>
      <PageHead title={signInProviders.title} text={text}>
        {allowed && <NewSignInProvider call={add} />}
      </PageHead>
      <Panel title={signInProviders.title} quiet>
        <QueryView query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState icon="signInProviders" title={signInProviders.empty} text={signInProviders.emptyText} />
            ) : (
              <SignInProviderTable items={items} shared={shared} remove={allowed ? remove : undefined} />
            )
          }
        </QueryView>
      </Panel>
    </>
  );
}

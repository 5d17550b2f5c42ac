import { createSpotlight, Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import '@mantine/spotlight/styles.layer.css';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { Icon } from '../looks/icon.js';
import { useAccess, useTenant } from '../session/use-access.js';
import { readLookUp } from '../story/reference.js';
import { useTexts } from '../texts/use-texts.js';
import { pagesFor } from './navigation.js';
import { useTenants } from './use-tenants.js';

/** Jumps anywhere by a few letters: pages, tenants, and whatever reference or link id is pasted. */
export function CommandPalette({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { shell } = useTexts();
  const [asked, ask] = useState('');
  const [store] = useState(openStore);
  const pages = usePages();
  const tenants = useTenantActions();
  const found = useLookedUp(asked);
  return (
    <Spotlight
      actions={[...found, pages, tenants]}
      query={asked}
      onQueryChange={ask}
      nothingFound={shell.searchEmpty}
      highlightQuery
      limit={12}
      attributes={{ content: { 'aria-label': shell.search } }}
      store={store}
      shortcut={null}
      onSpotlightClose={onClose}
      searchProps={{ placeholder: shell.search, 'aria-label': shell.search, leftSection: <Icon name="search" /> }}
      // What was pasted is no label of the action that it leads to.
      filter={(query, actions) => actions.flatMap((group) => ('actions' in group ? fitting(query, group) : []))}
    />
  );
}

/** It is there because somebody asked for it: so it begins open. */
function openStore(): ReturnType<typeof createSpotlight>[0] {
  const [store, { open }] = createSpotlight();
  open();
  return store;
}

function fitting(query: string, group: SpotlightActionGroupData): SpotlightActionGroupData[] {
  const words = query.trim().toLowerCase();
  const actions = group.actions.filter(
    ({ label, description, id }) =>
      id.startsWith('found ') || `${label ?? ''} ${description ?? ''}`.toLowerCase().includes(words),
  );
  return actions.length > 0 ? [{ ...group, actions }] : [];
}

function usePages(): SpotlightActionGroupData {
  const { shell } = useTexts();
  const access = useAccess();
  const tenant = useTenant();
  const navigate = useNavigate();
  const own = tenant === '' ? [] : pagesFor(access).flatMap(({ entries }) => entries);
  return {
    group: shell.pages,
    actions: [
      ...own.map(({ name, to }) => ({
        id: `page ${name}`,
        label: shell.nav[name],
        leftSection: <Icon name={name} />,
        onClick: () => void navigate({ to, params: { tenant } }),
      })),
      {
        id: 'page account',
        label: shell.nav.account,
        leftSection: <Icon name="account" />,
        onClick: () => void navigate({ to: '/account' }),
      },
      ...(access.operator
        ? [
            {
              id: 'page tenants',
              label: shell.nav.tenants,
              leftSection: <Icon name="tenants" />,
              onClick: () => void navigate({ to: '/tenants' }),
            },
          ]
        : []),
    ],
  };
}

function useTenantActions(): SpotlightActionGroupData {
  const { shell } = useTexts();
  const navigate = useNavigate();
  return {
    group: shell.tenants,
    actions: useTenants().map(({ slug, name }) => ({
      id: `tenant ${slug}`,
      label: name,
      description: slug,
      leftSection: <Icon name="tenants" />,
      onClick: () => void navigate({ to: '/t/$tenant', params: { tenant: slug } }),
    })),
  };
}

function useLookedUp(asked: string): SpotlightActionGroupData[] {
  const { shell } = useTexts();
  const tenant = useTenant();
  const navigate = useNavigate();
  const found = readLookUp(asked);
  if (!found || tenant === '') return [];
  const action =
    found.kind === 'link'
      ? {
          id: 'found link',
          label: shell.searchLink(found.id),
          leftSection: <Icon name="links" />,
          onClick: () => void navigate({ to: '/t/$tenant/links/$link', params: { tenant, link: found.id } }),
        }
      : {
          id: 'found reference',
          label: shell.searchReference(found.reference),
          leftSection: <Icon name="traces" />,
          onClick: () =>
            void navigate({ to: '/t/$tenant/traces', params: { tenant }, search: { ref: found.reference } }),
        };
  return [{ group: shell.lookUp, actions: [action] }];
}

import { Select } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Icon } from '../looks/icon.js';
import { useTexts } from '../texts/use-texts.js';
import { useTenants } from './use-tenants.js';

/** Goes to another tenant, found by its name or short name. */
export function TenantSwitcher({ tenant }: { readonly tenant: string }): ReactNode {
  const { shell } = useTexts();
  const tenants = useTenants();
  const navigate = useNavigate();
  const known =
    tenants.some(({ slug }) => slug === tenant) || tenant === ''
      ? tenants
      : [{ slug: tenant, name: tenant }, ...tenants];
  return (
    <Select
      aria-label={shell.tenant}
      placeholder={shell.tenant}
      leftSection={<Icon name="tenants" />}
      data={known.map(({ slug, name }) => ({ value: slug, label: name }))}
      value={tenant === '' ? null : tenant}
      searchable
      allowDeselect={false}
      nothingFoundMessage={shell.searchEmpty}
      onChange={(slug) => {
        if (slug !== null) void navigate({ to: '/t/$tenant', params: { tenant: slug } });
      }}
    />
  );
}

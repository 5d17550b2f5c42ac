import { Badge, NavLink, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon, type IconName } from '../looks/icon.js';
import { NavItem } from '../parts/links.js';
import { useAccess, useTenant } from '../session/use-access.js';
import { useTexts } from '../texts/use-texts.js';
import { lastTenant } from './last-tenant.js';
import { pagesFor } from './navigation.js';
import { TenantSwitcher } from './tenant-switcher.js';

/** Where one can go. */
export function MainMenu({ onGo }: { readonly onGo: () => void }): ReactNode {
  const { shell } = useTexts();
  const shown = useTenant();
  // Beside a tenant's pages the menu still leads back to it.
  const tenant = shown === '' ? (lastTenant() ?? '') : shown;
  const access = useAccess(tenant);
  const known = access.operator || access.role !== null;
  const groups = tenant === '' || !known ? [] : pagesFor(access);
  return (
    <Stack gap="md">
      <TenantSwitcher tenant={tenant} />
      {groups.map(({ name, entries }) => (
        <Section key={name} title={shell.groups[name]}>
          {entries.map(({ name: page, to }) => (
            <NavItem
              key={page}
              to={to}
              params={{ tenant }}
              activeOptions={{ exact: to === '/t/$tenant', includeSearch: false }}
              onClick={onGo}
              label={shell.nav[page]}
              leftSection={<Icon name={page} />}
              className="lb-nav"
            />
          ))}
        </Section>
      ))}
      {access.operator && (
        <Section title={shell.groups.installation} mark={shell.operator}>
          <Plain to="/tenants" icon="tenants" label={shell.nav.tenants} onGo={onGo} />
          <Plain to="/sign-in-providers" icon="signInProviders" label={shell.nav.signInProviders} onGo={onGo} />
          <Plain to="/audit" icon="audit" label={shell.nav.installationAudit} onGo={onGo} />
          <NavLink href="/queues" label={shell.nav.queues} leftSection={<Icon name="queues" />} className="lb-nav" />
        </Section>
      )}
    </Stack>
  );
}

interface SectionProps {
  readonly title: string;
  readonly mark?: string;
  readonly children: ReactNode;
}

function Section({ title, mark, children }: SectionProps): ReactNode {
  return (
    <div>
      <Text size="xs" fw={600} c="dimmed" px="sm" mb={4} className="lb-section">
        {title}
        {mark && (
          <Badge size="xs" variant="light">
            {mark}
          </Badge>
        )}
      </Text>
      {children}
    </div>
  );
}

interface PlainProps {
  readonly to: '/tenants' | '/audit' | '/sign-in-providers';
  readonly icon: IconName;
  readonly label: string;
  readonly onGo: () => void;
}

function Plain({ to, icon, label, onGo }: PlainProps): ReactNode {
  return <NavItem to={to} onClick={onGo} label={label} leftSection={<Icon name={icon} />} className="lb-nav" />;
}

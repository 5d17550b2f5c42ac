import { AppShell, Burger, Group, Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, Outlet, useLocation } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, type ReactNode } from 'react';
import { sessionQuery } from '../api/session-query.js';
import { Icon } from '../looks/icon.js';
import { Mark } from '../looks/mark.js';
import { FailureNote } from '../parts/failure-note.js';
import { useLive } from '../live/use-live.js';
import { LoadingPage } from '../parts/loading-page.js';
import { useTenant } from '../session/use-access.js';
import { useTexts } from '../texts/use-texts.js';
import { AccountMenu } from './account-menu.js';
import { Corner } from './corner.js';
import { rememberTenant } from './last-tenant.js';
import { MainMenu } from './main-menu.js';
import { Preferences } from './preferences.js';

/** Comes when it is first asked for. */
const CommandPalette = lazy(async () => ({ default: (await import('./command-palette.js')).CommandPalette }));

/** Lets in who is signed in; anybody else goes to the sign-in and comes back to where they were. */
export function Shell(): ReactNode {
  const { data, error, isFetching, refetch } = useQuery(sessionQuery);
  const { href } = useLocation();
  if (data === undefined) {
    return (
      <main id="content" className="lb-alone">
        {error ? <FailureNote error={error} busy={isFetching} again={() => void refetch()} /> : <LoadingPage />}
      </main>
    );
  }
  // The address changes before the page does: by then the way there has been taken.
  if (data.stage !== 'signed-in' && href.startsWith('/sign-in')) return null;
  if (data.stage !== 'signed-in') return <Navigate to="/sign-in" search={href === '/' ? {} : { back: href }} replace />;
  return <Frame />;
}

function Frame(): ReactNode {
  const { shell } = useTexts();
  const [opened, { toggle, close }] = useDisclosure();
  const [asked, { open: ask, close: stop }] = useDisclosure();
  const tenant = useTenant();
  useLive(tenant);
  useHotkeys([['mod+K', ask]], []);
  useEffect(() => {
    if (tenant !== '') rememberTenant(tenant);
  }, [tenant]);
  return (
    <>
      <Corner />
      <AppShell
        header={{ height: 56 }}
        navbar={{ width: 256, breakpoint: 'md', collapsed: { mobile: !opened } }}
        padding={{ base: 'md', sm: 'lg' }}
      >
        <a href="#content" className="lb-skip">
          {shell.skip}
        </a>
        <Header opened={opened} onToggle={toggle} onSearch={ask} />
        <AppShell.Navbar p="sm" className="lb-navbar" aria-label={shell.mainMenu}>
          <MainMenu onGo={close} />
        </AppShell.Navbar>
        <AppShell.Main>
          <div id="content" tabIndex={-1} className="lb-content">
            <Suspense fallback={<LoadingPage />}>
              <Outlet />
            </Suspense>
          </div>
        </AppShell.Main>
        {asked && (
          <Suspense>
            <CommandPalette onClose={stop} />
          </Suspense>
        )}
      </AppShell>
    </>
  );
}

interface HeaderProps {
  readonly opened: boolean;
  readonly onToggle: () => void;
  readonly onSearch: () => void;
}

function Header({ opened, onToggle, onSearch }: HeaderProps): ReactNode {
  const { shell } = useTexts();
  return (
    <AppShell.Header className="lb-header">
      <Group gap="sm" wrap="nowrap">
        <Burger
          opened={opened}
          onClick={onToggle}
          hiddenFrom="md"
          size="sm"
          aria-label={shell.menu}
          aria-expanded={opened}
        />
        <Link to="/" className="lb-brand" aria-label={shell.product}>
          <Mark size={26} />
          <Text fw={650} visibleFrom="xs">
            {shell.product}
          </Text>
        </Link>
      </Group>
      <UnstyledButton className="lb-search" onClick={onSearch}>
        <Icon name="search" size={16} />
        <Text size="sm" component="span" visibleFrom="sm">
          {shell.search}
        </Text>
        <VisuallyHidden hiddenFrom="sm">{shell.search}</VisuallyHidden>
        <kbd className="lb-keys">{SHORTCUT}</kbd>
      </UnstyledButton>
      <Group gap={4} wrap="nowrap">
        <Preferences />
        <AccountMenu />
      </Group>
    </AppShell.Header>
  );
}

const SHORTCUT = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘ K' : 'Ctrl K';

import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router';
import { BrokenPage, MissingPage } from './pages/missing-page.js';
import { SignInPage } from './pages/sign-in/sign-in-page.js';
import { LoadingPage } from './parts/loading-page.js';
import { readDeliveriesSearch, readLinksSearch, readSignInSearch, readTracesSearch } from './search.js';
import { HomePage } from './shell/home-page.js';

const root = createRootRoute({ component: Outlet, notFoundComponent: MissingPage });
const home = createRoute({ getParentRoute: () => root, path: '/', component: HomePage });
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: readSignInSearch,
  component: SignInPage,
});
const welcome = createRoute({
  getParentRoute: () => root,
  path: '/welcome',
  component: lazyRouteComponent(() => import('./pages/sign-in/welcome-page.js'), 'WelcomePage'),
});
const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => import('./pages/sign-in/invitation-page.js'), 'InvitationPage'),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: lazyRouteComponent(() => import('./shell/shell.js'), 'Shell'),
});
const account = createRoute({
  getParentRoute: () => shell,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/account/account-page.js'), 'AccountPage'),
});
const tenants = createRoute({
  getParentRoute: () => shell,
  path: '/tenants',
  component: lazyRouteComponent(() => import('./pages/tenants/tenants-page.js'), 'TenantsPage'),
});
const installationAudit = createRoute({
  getParentRoute: () => shell,
  path: '/audit',
  component: lazyRouteComponent(() => import('./pages/audit/audit-page.js'), 'InstallationAuditPage'),
});

const tenant = createRoute({ getParentRoute: () => shell, path: '/t/$tenant', component: Outlet });
const overview = createRoute({
  getParentRoute: () => tenant,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/overview/overview-page.js'), 'OverviewPage'),
});
const links = createRoute({
  getParentRoute: () => tenant,
  path: '/links',
  validateSearch: readLinksSearch,
  component: lazyRouteComponent(() => import('./pages/links/links-page.js'), 'LinksPage'),
});
const link = createRoute({
  getParentRoute: () => tenant,
  path: '/links/$link',
  component: lazyRouteComponent(() => import('./pages/links/link-page.js'), 'LinkPage'),
});
const traces = createRoute({
  getParentRoute: () => tenant,
  path: '/traces',
  validateSearch: readTracesSearch,
  component: lazyRouteComponent(() => import('./pages/traces/traces-page.js'), 'TracesPage'),
});
const deliveries = createRoute({
  getParentRoute: () => tenant,
  path: '/deliveries',
  validateSearch: readDeliveriesSearch,
  component: lazyRouteComponent(() => import('./pages/deliveries/deliveries-page.js'), 'DeliveriesPage'),
});
const members = createRoute({
  getParentRoute: () => tenant,
  path: '/members',
  component: lazyRouteComponent(() => import('./pages/people/members-page.js'), 'MembersPage'),
});
const apiKeys = createRoute({
  getParentRoute: () => tenant,
  path: '/api-keys',
  component: lazyRouteComponent(() => import('./pages/people/api-keys-page.js'), 'ApiKeysPage'),
});
const audit = createRoute({
  getParentRoute: () => tenant,
  path: '/audit',
  component: lazyRouteComponent(() => import('./pages/audit/audit-page.js'), 'TenantAuditPage'),
});
const skills = createRoute({
  getParentRoute: () => tenant,
  path: '/skills',
  component: lazyRouteComponent(() => import('./pages/skills/skills-page.js'), 'SkillsPage'),
});
const skill = createRoute({
  getParentRoute: () => tenant,
  path: '/skills/$skill',
  component: lazyRouteComponent(() => import('./pages/skills/skill-page.js'), 'SkillPage'),
});
const connectors = createRoute({
  getParentRoute: () => tenant,
  path: '/connectors',
  component: lazyRouteComponent(() => import('./pages/skills/connectors-page.js'), 'ConnectorsPage'),
});
const settings = createRoute({
  getParentRoute: () => tenant,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/tenants/settings-page.js'), 'SettingsPage'),
});

const tree = root.addChildren([
  home,
  signIn,
  welcome,
  invitation,
  shell.addChildren([
    account,
    tenants,
    installationAudit,
    tenant.addChildren([
      overview,
      links,
      link,
      traces,
      deliveries,
      skills,
      skill,
      connectors,
      members,
      apiKeys,
      audit,
      settings,
    ]),
  ]),
]);

/** The addresses of the console. Pages come when they are first looked at, or pointed at. */
export const createConsoleRouter = () =>
  createRouter({
    routeTree: tree,
    defaultPreload: 'intent',
    defaultPendingComponent: LoadingPage,
    defaultErrorComponent: BrokenPage,
    scrollRestoration: true,
  });

export type ConsoleRouter = ReturnType<typeof createConsoleRouter>;

declare module '@tanstack/react-router' {
  interface Register {
    router: ConsoleRouter;
  }
}

import { createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { configFile, doctor, doctorRun, newDoctorRun } from './pages/doctor/doctor-routes.js';
import { BrokenPage } from './pages/missing-page.js';
import { SignInPage } from './pages/sign-in/sign-in-page.js';
import { LoadingPage } from './parts/loading-page.js';
import {
  readDeliveriesSearch,
  readImportSearch,
  readLinksSearch,
  readNewConnectorSearch,
  readNewSkillSearch,
  readSignInSearch,
  readTracesSearch,
} from './search.js';
import { HomePage } from './shell/home-page.js';
import { root, shell, tenant } from './shell/shell-routes.js';

const home = createRoute({ getParentRoute: () => root, path: '/', component: HomePage });
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: readSignInSearch,
  component: SignInPage,
});
const signInCallback = createRoute({
  getParentRoute: () => root,
  path: '/sign-in/callback',
  component: lazyRouteComponent(() => import('./pages/sign-in/callback-page.js'), 'CallbackPage'),
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

const installationSignInProviders = createRoute({
  getParentRoute: () => shell,
  path: '/sign-in-providers',
  component: lazyRouteComponent(
    () => import('./pages/sign-in-providers/sign-in-providers-page.js'),
    'InstallationSignInProvidersPage',
  ),
});

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
const eventGrants = createRoute({
  getParentRoute: () => tenant,
  path: '/event-grants',
  component: lazyRouteComponent(() => import('./pages/event-grants/event-grants-page.js'), 'EventGrantsPage'),
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
const imports = createRoute({
  getParentRoute: () => tenant,
  path: '/imports',
  component: lazyRouteComponent(() => import('./pages/imports/imports-page.js'), 'ImportsPage'),
});
const importOf = createRoute({
  getParentRoute: () => tenant,
  path: '/imports/$import',
  validateSearch: readImportSearch,
  component: lazyRouteComponent(() => import('./pages/imports/import-page.js'), 'ImportPage'),
});
const newSkill = createRoute({
  getParentRoute: () => tenant,
  path: '/skills/new',
  validateSearch: readNewSkillSearch,
  component: lazyRouteComponent(() => import('./pages/skills/new/new-skill-page.js'), 'NewSkillPage'),
});
const editSkill = createRoute({
  getParentRoute: () => tenant,
  path: '/skills/$skill/edit',
  component: lazyRouteComponent(() => import('./pages/skills/edit/edit-skill-page.js'), 'EditSkillPage'),
});
const newConnector = createRoute({
  getParentRoute: () => tenant,
  path: '/connectors/new',
  validateSearch: readNewConnectorSearch,
  component: lazyRouteComponent(() => import('./pages/skills/connector/new-connector-page.js'), 'NewConnectorPage'),
});
const connector = createRoute({
  getParentRoute: () => tenant,
  path: '/connectors/$connector',
  component: lazyRouteComponent(() => import('./pages/skills/connector/connector-page.js'), 'ConnectorPage'),
});
const signInProviders = createRoute({
  getParentRoute: () => tenant,
  path: '/sign-in-providers',
  component: lazyRouteComponent(
    () => import('./pages/sign-in-providers/sign-in-providers-page.js'),
    'TenantSignInProvidersPage',
  ),
});
const settings = createRoute({
  getParentRoute: () => tenant,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/tenants/settings-page.js'), 'SettingsPage'),
});

const tree = root.addChildren([
  home,
  signIn,
  signInCallback,
  welcome,
  invitation,
  shell.addChildren([
    account,
    tenants,
    installationAudit,
    installationSignInProviders,
    tenant.addChildren([
      overview,
      links,
      link,
      traces,
      deliveries,
      eventGrants,
      skills,
      newSkill,
      skill,
      editSkill,
      connectors,
      imports,
      importOf,
      doctor,
      newDoctorRun,
      doctorRun,
      configFile,
      newConnector,
      connector,
      signInProviders,
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

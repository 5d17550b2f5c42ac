import { EN_ACCOUNT } from './en-account.js';
import { EN_DOCTOR } from './en-doctor.js';
import { EN_EVENTS } from './en-events.js';
import { EN_IMPORTS } from './en-imports.js';
import { EN_LINKS } from './en-links.js';
import { EN_PEOPLE } from './en-people.js';
import { EN_SET_UP } from './en-set-up.js';
import { EN_SKILL_FORM } from './en-skill-form.js';

/** What every page says. */
const COMMON = {
  cancel: 'Cancel',
  save: 'Save',
  saved: 'Saved',
  close: 'Close',
  copy: 'Copy',
  copied: 'Copied',
  create: 'Create',
  more: 'Show more',
  tryAgain: 'Try again',
  loading: 'Loading',
  actions: 'Actions',
  never: 'never',
  none: 'none',
  notKnown: 'not known',
  remove: 'Remove',
  shownOnce: 'This is shown once. Keep it somewhere safe now.',
  typeToConfirm: (word: string) => `Type ${word} to confirm`,
  pageNotFound: 'There is nothing at this address',
  pageNotFoundText: 'It may have been mistyped, or what was here is gone.',
  goHome: 'To the start page',
  brokenPage: 'This page could not be shown',
  brokenPageText: 'Something in the console went wrong. Nothing was changed by it.',
  reload: 'Load the page again',
};

/** What is said when a call of the API brings nothing. */
const FAILURES = {
  offline: 'The admin app cannot be reached',
  offlineText: 'Your connection or the admin app is away. Nothing was lost; try again in a moment.',
  late: 'The answer takes too long',
  lateText:
    'It was given up after 20 seconds. What you asked for may still have been done: look before you do it again.',
  unreadable: 'The answer makes no sense here',
  unreadableText:
    'Something between this page and the admin app answered instead, or their versions differ. Loading the page again may help.',
  unavailable: 'Not available at the moment',
  tooMany: 'Too many requests',
  forbidden: 'This is not for you',
  notFound: 'Not found',
  refused: 'This did not work',
  again: (seconds: number) =>
    seconds < 90
      ? `Try again in ${String(seconds)} seconds.`
      : `Try again in ${String(Math.ceil(seconds / 60))} minutes.`,
};

const SHELL = {
  product: 'Linkbroker',
  skip: 'Skip to the content',
  menu: 'Menu',
  mainMenu: 'Main menu',
  tenant: 'Tenant',
  noTenants: 'No tenant yet',
  noTenantsText: 'You belong to no tenant. Ask whoever runs this installation for an invitation.',
  search: 'Search or jump to',
  searchEmpty: 'Nothing fits',
  searchReference: (reference: string) => `Attempt ${reference}`,
  searchLink: (id: string) => `Link ${id}`,
  pages: 'Pages',
  tenants: 'Tenants',
  lookUp: 'Look up',
  looks: 'Appearance',
  light: 'Light',
  dark: 'Dark',
  auto: 'As the system',
  language: 'Language',
  signOut: 'Sign out',
  signedInAs: (name: string) => `Signed in as ${name}`,
  operator: 'Operator',
  groups: { work: 'Everyday work', setup: 'Set-up', people: 'People and keys', installation: 'Installation' },
  nav: {
    overview: 'Overview',
    links: 'Links',
    traces: 'Traces',
    deliveries: 'Deliveries',
    eventGrants: 'Event grants',
    queues: 'Queues',
    skills: 'Skills',
    connectors: 'Connectors',
    imports: 'Import',
    doctor: 'Doctor',
    configFile: 'Config file',
    members: 'Members',
    apiKeys: 'API keys',
    signInProviders: 'Sign-in providers',
    audit: 'Audit log',
    settings: 'Settings',
    tenants: 'Tenants',
    installationAudit: 'Installation log',
    account: 'Your account',
  },
};

export const EN = {
  common: COMMON,
  failures: FAILURES,
  shell: SHELL,
  ...EN_ACCOUNT,
  ...EN_IMPORTS,
  ...EN_LINKS,
  ...EN_PEOPLE,
  ...EN_DOCTOR,
  ...EN_SET_UP,
  ...EN_SKILL_FORM,
  ...EN_EVENTS,
};

/** The words of the console. Every language has all of them. */
export type Texts = typeof EN;

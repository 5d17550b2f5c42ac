import { DE_ACCOUNT } from './de-account.js';
import { DE_DOCTOR } from './de-doctor.js';
import { DE_EVENTS } from './de-events.js';
import { DE_IMPORTS } from './de-imports.js';
import { DE_LINKS } from './de-links.js';
import { DE_PEOPLE } from './de-people.js';
import { DE_SET_UP } from './de-set-up.js';
import { DE_SKILL_FORM } from './de-skill-form.js';
import type { Texts } from './en.js';

const COMMON: Texts['common'] = {
  cancel: 'Abbrechen',
  save: 'Speichern',
  saved: 'Gespeichert',
  close: 'Schließen',
  copy: 'Kopieren',
  copied: 'Kopiert',
  create: 'Anlegen',
  more: 'Mehr zeigen',
  tryAgain: 'Noch einmal versuchen',
  loading: 'Lädt',
  actions: 'Aktionen',
  never: 'nie',
  none: 'keine',
  notKnown: 'nicht bekannt',
  remove: 'Entfernen',
  shownOnce: 'Das wird nur einmal gezeigt. Bewahren Sie es jetzt sicher auf.',
  typeToConfirm: (word) => `Zur Bestätigung ${word} eingeben`,
  pageNotFound: 'Unter dieser Adresse gibt es nichts',
  pageNotFoundText: 'Vielleicht ein Tippfehler, oder was hier war, ist fort.',
  goHome: 'Zur Startseite',
  brokenPage: 'Diese Seite konnte nicht gezeigt werden',
  brokenPageText: 'In der Konsole ging etwas schief. Geändert wurde dadurch nichts.',
  reload: 'Seite neu laden',
};

const FAILURES: Texts['failures'] = {
  offline: 'Die Admin-App ist nicht erreichbar',
  offlineText: 'Ihre Verbindung oder die Admin-App ist weg. Verloren ging nichts; versuchen Sie es gleich noch einmal.',
  late: 'Die Antwort dauert zu lange',
  lateText:
    'Nach 20 Sekunden wurde aufgegeben. Vielleicht ist trotzdem geschehen, was Sie wollten: sehen Sie nach, bevor Sie es wiederholen.',
  unreadable: 'Die Antwort ergibt hier keinen Sinn',
  unreadableText:
    'Etwas zwischen dieser Seite und der Admin-App hat geantwortet, oder ihre Versionen passen nicht zusammen. Neu laden hilft vielleicht.',
  unavailable: 'Zurzeit nicht verfügbar',
  tooMany: 'Zu viele Anfragen',
  forbidden: 'Das dürfen Sie nicht',
  notFound: 'Nicht gefunden',
  refused: 'Das hat nicht geklappt',
  again: (seconds) =>
    seconds < 90
      ? `Versuchen Sie es in ${String(seconds)} Sekunden wieder.`
      : `Versuchen Sie es in ${String(Math.ceil(seconds / 60))} Minuten wieder.`,
};

const SHELL: Texts['shell'] = {
  product: 'Linkbroker',
  skip: 'Zum Inhalt springen',
  menu: 'Menü',
  mainMenu: 'Hauptmenü',
  tenant: 'Mandant',
  noTenants: 'Noch kein Mandant',
  noTenantsText: 'Sie gehören zu keinem Mandanten. Bitten Sie um eine Einladung, wer diese Installation betreibt.',
  search: 'Suchen oder springen',
  searchEmpty: 'Nichts passt',
  searchReference: (reference) => `Versuch ${reference}`,
  searchLink: (id) => `Verknüpfung ${id}`,
  pages: 'Seiten',
  tenants: 'Mandanten',
  lookUp: 'Nachschlagen',
  looks: 'Aussehen',
  light: 'Hell',
  dark: 'Dunkel',
  auto: 'Wie das System',
  language: 'Sprache',
  signOut: 'Abmelden',
  signedInAs: (name) => `Angemeldet als ${name}`,
  operator: 'Betreiber',
  groups: { work: 'Alltag', setup: 'Einrichtung', people: 'Menschen und Schlüssel', installation: 'Installation' },
  nav: {
    overview: 'Überblick',
    links: 'Verknüpfungen',
    traces: 'Spuren',
    deliveries: 'Zustellungen',
    eventGrants: 'Ereignis-Freigaben',
    queues: 'Warteschlangen',
    skills: 'Skills',
    connectors: 'Konnektoren',
    imports: 'Import',
    doctor: 'Doktor',
    configFile: 'Konfigurationsdatei',
    members: 'Mitglieder',
    apiKeys: 'API-Schlüssel',
    signInProviders: 'Anmeldeanbieter',
    audit: 'Protokoll',
    settings: 'Einstellungen',
    tenants: 'Mandanten',
    installationAudit: 'Installationsprotokoll',
    account: 'Ihr Konto',
  },
};

export const DE: Texts = {
  common: COMMON,
  failures: FAILURES,
  shell: SHELL,
  ...DE_ACCOUNT,
  ...DE_IMPORTS,
  ...DE_LINKS,
  ...DE_PEOPLE,
  ...DE_DOCTOR,
  ...DE_SET_UP,
  ...DE_SKILL_FORM,
  ...DE_EVENTS,
};

import type { Texts } from './texts.js';

export const de: Texts = {
  linkTitle: (skill) => `${skill} mit deinem Alexa-Konto verknüpfen`,
  linkIntro: (tenant) => ['Melde dich mit deinem Konto bei ', tenant, ' an. Alexa kann es danach für dich nutzen.'],
  linkNote: 'Alexa erfährt dein Passwort nie. Du kannst die Verknüpfung jederzeit in der Alexa-App aufheben.',
  repairTitle: (skill) => `${skill} weiter mit Alexa nutzen`,
  repairIntro: (connector) => `Melden Sie sich noch einmal bei ${connector} an, mit demselben Konto wie zuvor.`,
  repairNote: 'Ihre Verknüpfung mit Alexa bleibt, wie sie ist. In der Alexa-App ist nichts zu tun.',
  continueWith: (connector) => `Weiter mit ${connector}`,
  cancel: 'Abbrechen',
  tryAgain: 'Erneut versuchen',
  startHere: 'In diesem Browser neu beginnen',
  reference: 'Wenn du dich an den Support wendest, nenne diese Referenz:',
  detour: {
    title: (connectors) => `Öffne für ${connectors} diese Seite in deinem Browser`,
    why: 'In einer App funktioniert diese Anmeldung nicht.',
    copy: 'Halte diese Adresse gedrückt und kopiere sie:',
    paste: 'Füge sie in deinem Browser ein, etwa in Safari oder Chrome, und mach dort weiter.',
    hold: 'Oder hier gedrückt halten, um sie zu öffnen',
    website: (skill) =>
      `Du kannst auch gleich im Browser beginnen: Suche ${skill} auf der Website von Amazon unter den Alexa Skills und aktiviere den Skill dort.`,
    anyway: 'Oder versuche es trotzdem hier:',
  },
  messages: {
    'bad-client': [
      'Dieser Skill lässt sich gerade nicht verknüpfen',
      'Der Skill ist nicht richtig eingerichtet; an deinem Konto liegt es nicht. Bitte gib dem Anbieter des Skills Bescheid und nenne ihm die Referenz unten. Nur er kann das beheben.',
    ],
    'bad-request': [
      'Es fehlt etwas',
      'Diese Seite wurde auf unerwartete Weise geöffnet, und von hier geht es nicht weiter. Geh zurück zur Alexa-App und beginne dort neu.',
    ],
    expired: [
      'Dieser Versuch ist abgelaufen',
      'Die Verknüpfung muss innerhalb einer Stunde abgeschlossen sein. Geh zurück zur Alexa-App und beginne neu.',
    ],
    finished: [
      'Dieser Versuch ist abgeschlossen',
      'Sieh in der Alexa-App nach, ob dein Konto verknüpft ist. Falls nicht, beginne dort neu.',
    ],
    'other-browser': [
      'Die Verknüpfung wurde in einem anderen Browser begonnen',
      'Mach dort weiter, wo du den Knopf gedrückt hast, oder beginne neu in der Alexa-App.',
    ],
    'no-cookie': [
      'Wir können diesen Versuch nicht zuordnen',
      'Du hast dich angemeldet, aber dieser Browser hat das Cookie nicht mitgebracht, das er zu Beginn bekam. Das passiert, wenn sich die Anmeldung in einer anderen App öffnet oder Cookies gesperrt sind. Es wurde nichts verknüpft. Erlaube Cookies für diese Seite und beginne hier neu.',
    ],
    'upstream-unavailable': [
      'Der Anmeldedienst antwortet nicht',
      'Das geht meist schnell vorbei. Warte einen Moment und versuche es dann erneut.',
    ],
    'upstream-misconfigured': [
      'Der Anmeldedienst hat die Verbindung abgelehnt',
      'Das muss der Anbieter des Skills beheben; an deinem Konto liegt es nicht. Bitte nenne ihm die Referenz unten.',
    ],
    'upstream-rejected': [
      'Die Anmeldung wurde nicht abgeschlossen',
      'Der Anmeldedienst hat sie diesmal nicht angenommen. Es wurde nichts verknüpft. Bitte versuche es erneut.',
    ],
    unavailable: [
      'Wir können gerade nicht antworten',
      'Es ist nichts verloren gegangen. Warte einen Moment und versuche es erneut. Hilft das nicht, beginne neu in der Alexa-App.',
    ],
    repaired: [
      'Sie sind wieder angemeldet',
      'Alexa arbeitet weiter mit Ihrem Konto. Sie können diese Seite schließen.',
    ],
    'repair-cancelled': [
      'Es hat sich nichts geändert',
      'Sie haben sich nicht noch einmal angemeldet. Die Verknüpfung mit Alexa ist wie zuvor.',
    ],
    'repair-other-account': [
      'Das war ein anderes Konto',
      'Bitte melden Sie sich mit dem Konto an, das mit Alexa verknüpft ist. Um ein anderes zu verknüpfen, beginnen Sie in der Alexa-App. Es wurde nichts geändert.',
    ],
    'repair-ended': [
      'Diese Verknüpfung ist beendet',
      'Alexa ist mit diesem Konto nicht mehr verknüpft; eine neue Anmeldung hilft hier nicht. Um es wieder zu verknüpfen, beginnen Sie in der Alexa-App.',
    ],
    'repair-expired': [
      'Diese Adresse ist abgelaufen',
      'Bitten Sie den Hersteller des Skills um eine neue. Die Verknüpfung mit Alexa ist wie zuvor.',
    ],
    'not-found': ['Hier ist nichts', 'Um ein Konto zu verknüpfen, beginne in der Alexa-App.'],
  },
};

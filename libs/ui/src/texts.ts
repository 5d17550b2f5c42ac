/** Languages the link pages speak. */
export type Language = 'en' | 'de';

/** What a household can run into, each with words it can act on. */
export type MessageKey =
  | 'bad-client'
  | 'bad-request'
  | 'expired'
  | 'finished'
  | 'other-browser'
  | 'no-cookie'
  | 'upstream-unavailable'
  | 'upstream-misconfigured'
  | 'upstream-rejected'
  | 'unavailable'
  | 'not-found';

export interface Texts {
  readonly linkTitle: (skill: string) => string;
  readonly linkIntro: (tenant: string) => readonly [string, string, string];
  readonly linkNote: string;
  readonly continueWith: (name: string) => string;
  readonly cancel: string;
  readonly tryAgain: string;
  readonly startHere: string;
  readonly reference: string;
  readonly messages: Readonly<Record<MessageKey, readonly [title: string, body: string]>>;
}

const en: Texts = {
  linkTitle: (skill) => `Link ${skill} with your Alexa account`,
  linkIntro: (tenant) => [
    'Sign in with the account you have with ',
    tenant,
    '. Alexa will then be able to use it for you.',
  ],
  linkNote: 'Your password is never shown to Alexa. You can unlink at any time in the Alexa app.',
  continueWith: (name) => `Continue with ${name}`,
  cancel: 'Cancel',
  tryAgain: 'Try again',
  startHere: 'Start again in this browser',
  reference: 'If you contact support, give this reference:',
  messages: {
    'bad-client': [
      'This skill cannot be linked right now',
      'The skill is not set up correctly: its client id or redirect address is not known here. Nothing is wrong with your account. Please tell the maker of the skill.',
    ],
    'bad-request': [
      'Something is missing',
      'This page was opened in an unexpected way. Go back to the Alexa app and start linking again.',
    ],
    expired: [
      'This attempt has expired',
      'Linking has to be finished within an hour. Go back to the Alexa app and start again.',
    ],
    finished: [
      'This attempt is finished',
      'Go back to the Alexa app to see whether your account is linked. If it is not, start again there.',
    ],
    'other-browser': [
      'Linking was started in another browser',
      'Finish it where you pressed the button, or start again in the Alexa app.',
    ],
    'no-cookie': [
      'We cannot tell that this is your attempt',
      'You signed in, but this browser did not bring the cookie it was given when linking began. That happens when the sign-in page opens in another app, or when cookies are blocked. Nothing has been linked. Allow cookies for this page and start again here.',
    ],
    'upstream-unavailable': [
      'The sign-in service does not answer',
      'This usually passes quickly. Please try again in a moment.',
    ],
    'upstream-misconfigured': [
      'The sign-in service refused the connection',
      'The maker of the skill has to look at this; nothing is wrong with your account. Please tell them the reference below.',
    ],
    'upstream-rejected': [
      'The sign-in was not completed',
      'The sign-in service did not accept it this time. Please try again.',
    ],
    unavailable: ['We cannot answer right now', 'Nothing has been lost. Please try again in a moment.'],
    'not-found': ['There is nothing here', 'To link an account, start in the Alexa app.'],
  },
};

const de: Texts = {
  linkTitle: (skill) => `${skill} mit deinem Alexa-Konto verknüpfen`,
  linkIntro: (tenant) => ['Melde dich mit deinem Konto bei ', tenant, ' an. Alexa kann es danach für dich verwenden.'],
  linkNote: 'Alexa erfährt dein Passwort nie. Du kannst die Verknüpfung jederzeit in der Alexa-App aufheben.',
  continueWith: (name) => `Weiter mit ${name}`,
  cancel: 'Abbrechen',
  tryAgain: 'Erneut versuchen',
  startHere: 'In diesem Browser neu beginnen',
  reference: 'Nenne dem Support diese Referenz:',
  messages: {
    'bad-client': [
      'Dieser Skill lässt sich gerade nicht verknüpfen',
      'Der Skill ist nicht richtig eingerichtet: Seine Client-ID oder Weiterleitungsadresse ist hier nicht bekannt. An deinem Konto liegt es nicht. Bitte gib dem Anbieter des Skills Bescheid.',
    ],
    'bad-request': [
      'Es fehlt etwas',
      'Diese Seite wurde auf unerwartete Weise geöffnet. Gehe zurück zur Alexa-App und beginne neu.',
    ],
    expired: [
      'Dieser Versuch ist abgelaufen',
      'Die Verknüpfung muss innerhalb einer Stunde abgeschlossen sein. Gehe zurück zur Alexa-App und beginne neu.',
    ],
    finished: [
      'Dieser Versuch ist abgeschlossen',
      'Sieh in der Alexa-App nach, ob dein Konto verknüpft ist. Falls nicht, beginne dort neu.',
    ],
    'other-browser': [
      'Die Verknüpfung wurde in einem anderen Browser begonnen',
      'Schließe sie dort ab, wo du den Knopf gedrückt hast, oder beginne neu in der Alexa-App.',
    ],
    'no-cookie': [
      'Wir können diesen Versuch nicht zuordnen',
      'Du hast dich angemeldet, aber dieser Browser hat das Cookie nicht mitgebracht, das er zu Beginn bekam. Das passiert, wenn sich die Anmeldung in einer anderen App öffnet oder Cookies gesperrt sind. Es wurde nichts verknüpft. Erlaube Cookies für diese Seite und beginne hier neu.',
    ],
    'upstream-unavailable': [
      'Der Anmeldedienst antwortet nicht',
      'Das geht meist schnell vorbei. Bitte versuche es gleich noch einmal.',
    ],
    'upstream-misconfigured': [
      'Der Anmeldedienst hat die Verbindung abgelehnt',
      'Das muss sich der Anbieter des Skills ansehen; an deinem Konto liegt es nicht. Bitte nenne ihm die Referenz unten.',
    ],
    'upstream-rejected': [
      'Die Anmeldung wurde nicht abgeschlossen',
      'Der Anmeldedienst hat sie diesmal nicht angenommen. Bitte versuche es erneut.',
    ],
    unavailable: [
      'Wir können gerade nicht antworten',
      'Es ist nichts verloren gegangen. Bitte versuche es gleich noch einmal.',
    ],
    'not-found': ['Hier ist nichts', 'Um ein Konto zu verknüpfen, beginne in der Alexa-App.'],
  },
};

export const TEXTS: Readonly<Record<Language, Texts>> = { en, de };

/** The first language of `Accept-Language` that we speak; English otherwise. @see R42, RFC 9110 §12.5.4 */
export function pickLanguage(acceptLanguage: string | undefined): Language {
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((entry) => {
      const [tag = '', ...parameters] = entry.trim().split(';');
      const q = parameters
        .map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1])
        .find((value) => value !== undefined);
      return { language: tag.trim().toLowerCase().split('-')[0] ?? '', q: q === undefined ? 1 : Number(q) };
    })
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q);
  return (wanted.find(({ language }) => Object.hasOwn(TEXTS, language))?.language as Language | undefined) ?? 'en';
}

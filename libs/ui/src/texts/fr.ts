import type { Texts } from './texts.js';

/** Before a colon or a semicolon stands a space at which no line breaks. */
export const fr: Texts = {
  linkTitle: (skill) => `Associer ${skill} à votre compte Alexa`,
  linkIntro: (tenant) => [
    'Connectez-vous avec le compte que vous utilisez avec ',
    tenant,
    '. Alexa pourra ensuite s’en servir pour vous.',
  ],
  linkNote:
    'Alexa ne voit jamais votre mot de passe. Vous pouvez dissocier les comptes à tout moment dans l’application Alexa.',
  repairTitle: (skill) => `Continuez à utiliser ${skill} avec Alexa`,
  repairIntro: (connector) => `Connectez-vous de nouveau avec ${connector}, avec le même compte qu’avant.`,
  repairNote: 'Votre association avec Alexa reste telle quelle. Il n’y a rien à faire dans l’application Alexa.',
  continueWith: (connector) => `Continuer avec ${connector}`,
  cancel: 'Annuler',
  tryAgain: 'Réessayer',
  startHere: 'Recommencer dans ce navigateur',
  reference: 'Si vous contactez l’assistance, indiquez cette référence\u00a0:',
  detour: {
    title: (connectors) => `Pour utiliser ${connectors}, ouvrez cette page dans votre navigateur`,
    why: 'Cette connexion ne fonctionne pas à l’intérieur d’une application.',
    copy: 'Maintenez le doigt sur cette adresse et copiez-la\u00a0:',
    paste: 'Collez-la dans votre navigateur, par exemple Safari ou Chrome, puis continuez.',
    hold: 'Ou maintenez le doigt ici pour l’ouvrir',
    website: (skill) =>
      `Vous pouvez aussi commencer dans votre navigateur\u00a0: cherchez ${skill} parmi les skills Alexa sur le site d’Amazon, puis activez la skill.`,
    anyway: 'Ou essayez quand même ici\u00a0:',
  },
  messages: {
    'bad-client': [
      'Cette skill ne peut pas être associée pour le moment',
      'La skill n’est pas configurée correctement\u00a0; votre compte n’est pas en cause. Signalez-le à l’éditeur de la skill et indiquez-lui la référence ci-dessous. Lui seul peut y remédier.',
    ],
    'bad-request': [
      'Il manque quelque chose',
      'Cette page a été ouverte de façon inattendue et nous ne pouvons pas continuer. Retournez dans l’application Alexa et recommencez l’association.',
    ],
    expired: [
      'Cette tentative a expiré',
      'L’association doit être terminée en moins d’une heure. Retournez dans l’application Alexa et recommencez.',
    ],
    finished: [
      'Cette tentative est terminée',
      'Vérifiez dans l’application Alexa si votre compte est associé. Si ce n’est pas le cas, recommencez depuis l’application.',
    ],
    'other-browser': [
      'L’association a commencé dans un autre navigateur',
      'Continuez là où vous avez appuyé sur le bouton, ou recommencez dans l’application Alexa.',
    ],
    'no-cookie': [
      'Nous ne pouvons pas confirmer que cette tentative est la vôtre',
      'La connexion a réussi, mais ce navigateur n’a pas renvoyé le cookie reçu au début. Cela arrive quand la connexion s’ouvre dans une autre application ou quand les cookies sont bloqués. Rien n’a été associé. Autorisez les cookies pour cette page et recommencez ici.',
    ],
    'upstream-unavailable': [
      'Le service de connexion ne répond pas',
      'En général, cela ne dure pas. Patientez un instant, puis réessayez.',
    ],
    'upstream-misconfigured': [
      'Le service de connexion a refusé la liaison',
      'C’est à l’éditeur de la skill d’y remédier\u00a0; votre compte n’est pas en cause. Indiquez-lui la référence ci-dessous.',
    ],
    'upstream-rejected': [
      'La connexion n’a pas abouti',
      'Le service de connexion ne l’a pas acceptée cette fois-ci. Rien n’a été associé. Veuillez réessayer.',
    ],
    unavailable: [
      'Nous ne pouvons pas répondre pour le moment',
      'Rien n’a été perdu. Patientez un instant et réessayez. Si cela ne suffit pas, recommencez dans l’application Alexa.',
    ],
    repaired: [
      'Vous êtes de nouveau connecté',
      'Alexa continue à fonctionner avec votre compte. Vous pouvez fermer cette page.',
    ],
    'repair-cancelled': [
      'Rien n’a changé',
      'Vous ne vous êtes pas reconnecté. L’association avec Alexa est comme avant.',
    ],
    'repair-other-account': [
      'C’était un autre compte',
      'Connectez-vous avec le compte associé à Alexa. Pour en associer un autre, commencez dans l’application Alexa. Rien n’a été modifié.',
    ],
    'repair-ended': [
      'Cette association est terminée',
      'Alexa n’est plus associée à ce compte ; se reconnecter n’y change rien. Pour l’associer de nouveau, commencez dans l’application Alexa.',
    ],
    'repair-expired': [
      'Cette adresse a expiré',
      'Demandez-en une nouvelle au créateur de la skill. L’association avec Alexa est comme avant.',
    ],
    'not-found': ['Il n’y a rien ici', 'Pour associer un compte, commencez dans l’application Alexa.'],
  },
};

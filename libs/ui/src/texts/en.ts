import type { Texts } from './texts.js';

export const en: Texts = {
  linkTitle: (skill) => `Link ${skill} with your Alexa account`,
  linkIntro: (tenant) => ['Sign in with the account you use with ', tenant, '. Alexa can then use it for you.'],
  linkNote: 'Alexa never sees your password. You can unlink at any time in the Alexa app.',
  repairTitle: (skill) => `Keep ${skill} working with Alexa`,
  repairIntro: (connector) => `Sign in again with ${connector}, with the same account as before.`,
  repairNote: 'Your link with Alexa stays as it is. There is nothing to do in the Alexa app.',
  continueWith: (connector) => `Continue with ${connector}`,
  cancel: 'Cancel',
  tryAgain: 'Try again',
  startHere: 'Start again in this browser',
  reference: 'If you contact support, give this reference:',
  detour: {
    title: (connectors) => `To use ${connectors}, open this page in your browser`,
    why: 'This sign-in does not work inside an app.',
    copy: 'Touch and hold this address and copy it:',
    paste: 'Paste it into your browser, such as Safari or Chrome, and continue there.',
    hold: 'Or touch and hold here to open it',
    website: (skill) =>
      `You can also start in your browser: find ${skill} among the Alexa skills on Amazon’s website and enable it there.`,
    anyway: 'Or try it here anyway:',
  },
  messages: {
    'bad-client': [
      'This skill cannot be linked right now',
      'The skill is not set up correctly; nothing is wrong with your account. Please tell the maker of the skill and give them the reference below. Only they can put it right.',
    ],
    'bad-request': [
      'Something is missing',
      'This page was opened in an unexpected way, and we cannot go on from here. Go back to the Alexa app and start linking again.',
    ],
    expired: [
      'This attempt has expired',
      'Linking has to be finished within an hour. Go back to the Alexa app and start again.',
    ],
    finished: [
      'This attempt is finished',
      'Check in the Alexa app whether your account is linked. If it is not, start again there.',
    ],
    'other-browser': [
      'Linking was started in another browser',
      'Go on where you pressed the button, or start again in the Alexa app.',
    ],
    'no-cookie': [
      'We cannot tell that this is your attempt',
      'You signed in, but this browser did not bring the cookie it was given when linking began. That happens when the sign-in opens in another app, or when cookies are blocked. Nothing has been linked. Allow cookies for this page and start again here.',
    ],
    'upstream-unavailable': [
      'The sign-in service does not answer',
      'This usually passes quickly. Wait a moment, then try again.',
    ],
    'upstream-misconfigured': [
      'The sign-in service refused the connection',
      'The maker of the skill has to put this right; nothing is wrong with your account. Please give them the reference below.',
    ],
    'upstream-rejected': [
      'The sign-in was not completed',
      'The sign-in service did not accept it this time. Nothing has been linked. Please try again.',
    ],
    unavailable: [
      'We cannot answer right now',
      'Nothing has been lost. Wait a moment and try again. If that does not help, start again in the Alexa app.',
    ],
    repaired: ['You are signed in again', 'Alexa goes on working with your account. You can close this page.'],
    'repair-cancelled': ['Nothing has changed', 'You did not sign in again. The link with Alexa is as it was before.'],
    'repair-other-account': [
      'That was another account',
      'Please sign in with the account that is linked with Alexa. To link another one, start in the Alexa app. Nothing has been changed.',
    ],
    'repair-ended': [
      'This link has ended',
      'Alexa is not linked with this account any more, so signing in again cannot help. To link it again, start in the Alexa app.',
    ],
    'repair-expired': [
      'This address has expired',
      'Ask the maker of the skill for a new one. The link with Alexa is as it was before.',
    ],
    'not-found': ['There is nothing here', 'To link an account, start in the Alexa app.'],
  },
};

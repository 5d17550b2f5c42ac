import type { UpstreamProvider } from '../upstream-provider.js';
import { amazon } from './amazon.js';
import { apple } from './apple.js';
import { atlassian } from './atlassian.js';
import { auth0 } from './auth0.js';
import { bitbucket } from './bitbucket.js';
import { box } from './box.js';
import { cognito } from './cognito.js';
import { discord } from './discord.js';
import { dropbox } from './dropbox.js';
import { entra } from './entra.js';
import { facebook } from './facebook.js';
import { fitbit } from './fitbit.js';
import { github } from './github.js';
import { githubApp } from './github-app.js';
import { gitlab } from './gitlab.js';
import { google } from './google.js';
import { hubspot } from './hubspot.js';
import { keycloak } from './keycloak.js';
import { linkedin } from './linkedin.js';
import { logto } from './logto.js';
import { notion } from './notion.js';
import { oauth2 } from './oauth2.js';
import { oidc } from './oidc.js';
import { okta } from './okta.js';
import { reddit } from './reddit.js';
import { salesforce } from './salesforce.js';
import { shopify } from './shopify.js';
import { slack } from './slack.js';
import { smartthings } from './smartthings.js';
import { spotify } from './spotify.js';
import { strava } from './strava.js';
import { stripe } from './stripe.js';
import { twitch } from './twitch.js';
import { withings } from './withings.js';
import { xTwitter } from './x-twitter.js';
import { xero } from './xero.js';
import { zoho } from './zoho.js';
import { zoom } from './zoom.js';

/** Every provider that a connector can name, in the order of its id. */
export const CATALOGUE: readonly UpstreamProvider[] = [
  amazon,
  apple,
  atlassian,
  auth0,
  bitbucket,
  box,
  cognito,
  discord,
  dropbox,
  entra,
  facebook,
  fitbit,
  github,
  githubApp,
  gitlab,
  google,
  hubspot,
  keycloak,
  linkedin,
  logto,
  notion,
  oauth2,
  oidc,
  okta,
  reddit,
  salesforce,
  shopify,
  slack,
  smartthings,
  spotify,
  strava,
  stripe,
  twitch,
  withings,
  xTwitter,
  xero,
  zoho,
  zoom,
];

const BY_ID = new Map(CATALOGUE.map((provider) => [provider.id, provider]));

/** The provider of a catalogue id, or undefined. */
export function findProvider(id: string): UpstreamProvider | undefined {
  return BY_ID.get(id);
}

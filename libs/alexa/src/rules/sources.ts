const DOCS = 'https://developer.amazon.com/docs';
const GITHUB = 'https://github.com';

/** Where the rules come from. */
export const SOURCES = {
  requirements: `${DOCS}/alexa/account-linking/requirements-account-linking.html`,
  codeGrant: `${DOCS}/alexa/account-linking/configure-authorization-code-grant.html`,
  faq: 'https://developer.amazon.com/en-US/docs/alexa/account-linking/faq.html',
  blog: 'https://developer.amazon.com/en-US/blogs/alexa/alexa-skills-kit/2020/12/troubleshooting-common-account-linking-issues-with-alexa-skills',
  forum: 'https://amazon.developer.forums.answerhub.com/articles/38610/alexa-debugging-account-linking.html',
  troubleshooting: `${DOCS}/account-linking/troubleshooting-account-linking.html`,
  skillManagement: `${DOCS}/smapi/account-linking-schemas.html`,
  appToApp:
    'https://developer.amazon.com/en-US/docs/alexa/account-linking/app-to-app-account-linking-starting-from-Alexa-app.html',
  sampleServer: `${GITHUB}/alexa-samples/alexa-oauth-sample`,
  regions: `${GITHUB}/home-assistant/core/issues/85321`,
  longStates: `${GITHUB}/alexa-samples/skill-sample-nodejs-team-lookup/issues/17`,
  capture: `${GITHUB}/alexa/alexa-skills-kit-sdk-for-nodejs/issues/213`,
  duplicates: `${GITHUB}/Bungie-net/api/issues/824`,
  oldTokens: `${GITHUB}/panva/node-oidc-provider/issues/1022`,
  parallel: `${GITHUB}/thephpleague/oauth2-server/issues/735`,
  chain: `${GITHUB}/alexa-samples/alexa-smarthome/issues/83`,
  oldTls: `${GITHUB}/home-assistant/home-assistant.io/issues/21935`,
  letsEncrypt: `${GITHUB}/openhab/openhab-alexa/issues/400`,
  smartHome: `${GITHUB}/alexa/alexa-smarthome`,
  unserialisable: `${GITHUB}/alexa/alexa-smarthome/issues/130`,
  skillDeadline: `${GITHUB}/alexa-samples/skill-sample-nodejs-audio-player/issues/40`,
  acceptGrant: `${DOCS}/device-apis/alexa-authorization.html`,
  implicit: `${DOCS}/account-linking/configure-implicit-grant.html`,
  formAction: `${GITHUB}/martincostello/alexa-london-travel-site/issues/4`,
  mozilla: 'https://wiki.mozilla.org/CA/Included_Certificates',
  auth0: 'https://eugeniopace.org/alexa/webtask/auth0/2016/12/02/Alexa-Auth0-III.html',
  oauth: 'https://www.rfc-editor.org/rfc/rfc6749',
  pkce: 'https://www.rfc-editor.org/rfc/rfc7636',
} as const;

import { launchChromium } from './support/chromium.js';
import { scratchStores, startStage } from './support/stage.js';
import { findChromium } from './support/tools.js';

const { found, reason } = await findChromium();
const inBrowser = found ? test : test.skip;

inBrowser(
  `a browser links a skill of the implicit grant${found ? '' : ` (skipped: ${reason ?? 'no Chromium'})`}`,
  async () => {
    const stage = await startStage(scratchStores());
    const browser = await launchChromium(found!);
    try {
      const vendorId = stage.skill.vendorId;
      const redirectUri = `${stage.simulatorUrl}/alexa/spa/skill/account-linking-status.html?vendorId=${vendorId}`;
      await stage.apply(`
tenants:
  - slug: quiz
    name: Quiz
    connectors: [{ slug: home, provider: oidc, issuer: "${stage.simulatorUrl}/oidc", clientId: linkbroker-demo, clientSecret: upstream-secret, scopes: [openid, offline_access] }]
    skills:
      - { slug: quiz, name: Quiz, clientId: alexa-quiz, clientSecret: quiz-secret, vendorId: ${vendorId}, redirectUris: ["${redirectUri}"], connectors: [home], grantTypes: [implicit] }
`);
      const console = { clientId: 'alexa-quiz', clientSecret: 'quiz-secret', scopes: [], redirectUris: [redirectUri] };
      stage.skills.push({ ...console, name: 'Quiz', vendorId, pkce: 'optional', grantTypes: ['implicit'] });
      const page = await browser.newPage();
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.goto(`${stage.simulatorUrl}/alexa/skills/alexa-quiz`);
      await page.getByRole('button', { name: /enable/i }).click();
      await page.getByRole('button', { name: /^Continue with/ }).click();
      await page.fill('[name=username]', 'alice');
      await page.fill('[name=password]', 'alice');
      await page.click('button[type=submit]');
      await page.waitForURL(/success=true/);
      await page.goto(`${stage.simulatorUrl}/alexa/skills/alexa-quiz`);
      expect(await page.locator('[data-link-state=linked]').count()).toBe(1);
      expect(asked.some((url) => url.startsWith(redirectUri))).toBe(true);
      expect(asked.filter((url) => /[?&]access_token=/.test(url))).toEqual([]);
    } finally {
      await browser.close();
      await stage.close();
    }
  },
  120_000,
);

import fc from 'fast-check';
import { isEmbeddedWebView } from './web-view.js';

const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const PIXEL = 'Mozilla/5.0 (Linux; Android 14; Pixel 8';
const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko)';

it.each([
  ['the Alexa app, iOS', 'AmazonWebView/Amazon Alexa/2.2.651540.0/iOS/18.3.1/iPhone'],
  [
    'the Alexa app, iOS, older',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 13_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 PitanguiBridge/2.2.345247.0-[HARDWARE=iPhone10_4][SOFTWARE=13.5.1]',
  ],
  ['the Alexa app, iOS, short', 'AppleWebKit PitanguiBridge/2.2.595606.0-[HARDWARE=iPhone14_7][SOFTWARE=17.4.1]'],
  ['an app on iOS', `${IPHONE} Mobile/15E148`],
  [
    'an app on an iPad that asks for desktop pages',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)',
  ],
  [
    'an app on Android',
    `${PIXEL} Build/UQ1A.240105.004; wv) ${CHROME} Version/4.0 Chrome/121.0.6167.101 Mobile Safari/537.36`,
  ],
  [
    'Facebook, Android',
    `Mozilla/5.0 (Linux; Android 10; SM-T510 Build/QP1A.190711.020; wv) ${CHROME} Version/4.0 Chrome/91.0.4472.120 Safari/537.36 [FB_IAB/FB4A;FBAV/325.0.0.36.170;]`,
  ],
  ['Facebook, iOS', `${IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/453.0.0.31.109;FBBV/571000000;FBDV/iPhone14,2]`],
  ['Instagram, iOS', `${IPHONE} Mobile/15E148 Instagram 302.0.0.23.113 (iPhone14,2; iOS 17_5; en_GB)`],
  ['LINE, which keeps Safari', `${IPHONE} Mobile/15E148 Safari Line/14.9.0`],
  [
    'NAVER, which keeps Safari',
    `${IPHONE} Version/16.5 Mobile/15E148 Safari/605.1 NAVER(inapp; search; 1010; 11.24.5; 12PRO)`,
  ],
  ['Snapchat, which is like Safari', `${IPHONE} Mobile/15E148 Snapchat/12.38.0.30 (like Safari/8615.2.9.11.4, panda)`],
  ['WeChat', `${IPHONE} Mobile/15E148 MicroMessenger/8.0.49(0x1800312c) NetType/WIFI Language/en`],
  ['KakaoTalk', `${IPHONE} Mobile/15E148 KAKAOTALK 10.3.1`],
  ['X', `${IPHONE} Mobile/15E148 Twitter for iPhone/10.44`],
])('%s is a web view', (_name, agent) => {
  expect(isEmbeddedWebView(agent)).toBe(true);
});

it.each([
  ['nothing', undefined],
  ['an empty one', ''],
  ['Safari and its view inside apps', `${IPHONE} Version/17.5 Mobile/15E148 Safari/604.1`],
  ['Chrome, iOS', `${IPHONE} CriOS/125.0.6422.80 Mobile/15E148 Safari/604.1`],
  ['Firefox, iOS', `${IPHONE} FxiOS/126.0 Mobile/15E148 Safari/605.1.15`],
  ['Edge, iOS', `${IPHONE} Version/17.0 EdgiOS/124.0.2478.89 Mobile/15E148 Safari/605.1.15`],
  [
    'Safari on a Mac or an iPad',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15',
  ],
  ['Firefox on a Mac', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:126.0) Gecko/20100101 Firefox/126.0'],
  [
    'Chrome and its tabs inside apps, Android',
    `Mozilla/5.0 (Linux; Android 10; K) ${CHROME} Chrome/125.0.0.0 Mobile Safari/537.36`,
  ],
  ['Firefox, Android', 'Mozilla/5.0 (Android 14; Mobile; rv:126.0) Gecko/126.0 Firefox/126.0'],
  [
    'Samsung Internet',
    `Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S918B) ${CHROME} SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36`,
  ],
  [
    'Silk on a Fire tablet',
    `Mozilla/5.0 (Linux; Android 11; KFTRWI) ${CHROME} Silk/124.2.3 like Chrome/124.0.6367.207 Safari/537.36`,
  ],
  [
    'MIUI Browser',
    `${PIXEL}) ${CHROME} Version/4.0 Chrome/112.0.5615.136 Mobile Safari/537.36 XiaoMi/MiuiBrowser/18.3`,
  ],
  ['Chrome on Windows', `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME} Chrome/125.0.0.0 Safari/537.36`],
  ["Alexa's cloud", 'Apache-HttpClient/4.5.x (Java/1.8.0_152)'],
  ['curl', 'curl/8.5.0'],
])('%s is a browser, or no reason to say otherwise', (_name, agent) => {
  expect(isEmbeddedWebView(agent)).toBe(false);
});

it('answers whatever it is told, and soon', () => {
  const part = fc.constantFrom('(iPhone', '; wv)', ') AppleWebKit/', 'Safari', ' ', 'Macintosh', '(', 'x'.repeat(200));
  fc.assert(
    fc.property(fc.array(part, { maxLength: 500 }), (parts) => {
      expect(typeof isEmbeddedWebView(parts.join(''))).toBe('boolean');
    }),
  );
  // Past the limit nothing counts.
  expect(isEmbeddedWebView(`${'x'.repeat(1_024)}; wv)`)).toBe(false);
});

import { randomBytes } from 'node:crypto';

const tenants = 20;
const connectorsEach = 2;

/**
 * A config file of tenants with two connectors and a skill each, whose token endpoint is the instant upstream. JSON is
 * YAML. @param {number} upstreamPort
 */
export function scaleConfig(upstreamPort) {
  const secret = randomBytes(24).toString('base64url');
  const address = (path) => `http://127.0.0.1:${upstreamPort}/${path}`;
  const connector = (slug) => ({
    slug,
    name: 'Benchmark Home',
    provider: 'oauth2',
    clientId: 'scale',
    clientSecret: secret,
    scopes: ['devices', 'offline_access'],
    endpoints: { authorization: address('authorize'), token: address('token'), userinfo: address('userinfo') },
  });
  const tenant = (number) => {
    const connectors = Array.from({ length: connectorsEach }, (_, index) => `home-${index}`);
    const skill = {
      slug: 'lights',
      name: 'Benchmark Lights',
      clientId: `alexa-scale-${number}`,
      clientSecret: secret,
      vendorId: 'M3KVOEXUO4ALBL',
      scopes: ['lights'],
      connectors,
    };
    return {
      slug: `scale-${number}`,
      name: `Scale ${number}`,
      connectors: connectors.map(connector),
      skills: [skill],
    };
  };
  return JSON.stringify({ tenants: Array.from({ length: tenants }, (_, index) => tenant(index)) });
}

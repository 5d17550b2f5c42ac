import { AccountLinkingRefused, AccountLinkingUnreadable } from '@linkbroker/alexa';
import { ConfigError, parseEnvironment, replacedAddresses } from '@linkbroker/contracts';
import { AddressPolicy, Egress } from '@linkbroker/egress';
import { ConfigurationStore, openDatabase, TenantsStore } from '@linkbroker/persistence';
import { verifySecret } from '@linkbroker/vault';
import { runCommand } from './run-command.js';
import { readSmapiArguments, SmapiUsageError } from './smapi-arguments.js';
import { fetchAccountLinking, type SmapiAccount } from './fetch-account-linking.js';
import { runSmapi } from './smapi-command.js';
import { readText, writePrivate } from './smapi-files.js';
import { SmapiRefused } from './smapi-refused.js';
import { listTenantSlugs } from './tenants/list-tenant-slugs.js';

/** Exit 0 done, 1 refused, not understood or drifted, 2 unreachable. */
async function main(): Promise<number> {
  const argv = process.argv.slice(2);
  readSmapiArguments(argv);
  const { DATABASE_URL, BROKER_URL } = parseEnvironment(process.env, ['DATABASE_URL', 'BROKER_URL']);
  const opened = await openDatabase(DATABASE_URL, 2);
  try {
    const store = new TenantsStore(opened.dataSource);
    const same = await runSmapi(
      {
        configuration: new ConfigurationStore(opened.dataSource),
        tenants: () => listTenantSlugs(store),
        publicUrl: BROKER_URL.replace(/\/$/, ''),
        readText,
        fetchActual: fetchFromAmazon,
        writePrivate,
        verifySecret,
        print: (line) => process.stdout.write(`${line}\n`),
        tell: (line) => process.stderr.write(`${line}\n`),
      },
      argv,
    );
    return same ? 0 : 1;
  } finally {
    await opened.close();
  }
}

/** By the account of the environment: none of it is written down, or given on a command line that others see. */
async function fetchFromAmazon(skill: Parameters<typeof fetchAccountLinking>[2]): Promise<string> {
  const env = parseEnvironment(process.env, ['LWA_TOKEN_URL', 'ALEXA_API_NA', 'EGRESS_ALLOW']);
  for (const { variable } of replacedAddresses(env)) process.stderr.write(`${variable} is not Amazon's\n`);
  const egress = new Egress(new AddressPolicy(env.EGRESS_ALLOW, []));
  try {
    const needs = { send: egress.send.bind(egress), lwaTokenUrl: env.LWA_TOKEN_URL, smapiUrl: env.ALEXA_API_NA };
    return await fetchAccountLinking(needs, readAccount(process.env), skill);
  } finally {
    await egress.close();
  }
}

function readAccount(env: Readonly<Record<string, string | undefined>>): SmapiAccount {
  const { LWA_CLIENT_ID: clientId, LWA_CLIENT_SECRET: clientSecret, LWA_REFRESH_TOKEN: refreshToken } = env;
  if (clientId && clientSecret && refreshToken) return { clientId, clientSecret, refreshToken };
  const names = ['LWA_CLIENT_ID', 'LWA_CLIENT_SECRET', 'LWA_REFRESH_TOKEN'].filter((name) => !env[name]);
  throw new SmapiRefused(`--fetch needs ${names.join(' and ')} in the environment (docs/alexa-console.md)`);
}

const REFUSALS = [AccountLinkingRefused, AccountLinkingUnreadable, ConfigError, SmapiRefused, SmapiUsageError];
runCommand('smapi', main, REFUSALS);

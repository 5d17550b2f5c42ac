import type { ApiRoute } from './api-route.js';
import * as apiKeys from './api-key-routes.js';
import * as audit from './audit-routes.js';
import * as configFile from './config-file-routes.js';
import * as connectors from './connector-routes.js';
import * as deliveries from './delivery-routes.js';
import * as doctor from './doctor-routes.js';
import * as eventGrants from './event-grant-routes.js';
import * as imports from './import-routes.js';
import * as links from './link-routes.js';
import * as live from './live-routes.js';
import * as members from './member-routes.js';
import * as overview from './overview-routes.js';
import * as setUp from './set-up-routes.js';
import * as signInProviders from './sign-in-provider-routes.js';
import * as signIn from './sign-in-routes.js';
import * as skills from './skill-routes.js';
import * as tenants from './tenant-routes.js';
import * as timelines from './timeline-routes.js';

const exported: Readonly<Record<string, unknown>> = {
  ...apiKeys,
  ...audit,
  ...configFile,
  ...connectors,
  ...deliveries,
  ...doctor,
  ...eventGrants,
  ...imports,
  ...links,
  ...live,
  ...members,
  ...overview,
  ...setUp,
  ...signIn,
  ...signInProviders,
  ...skills,
  ...tenants,
  ...timelines,
};

const isRoute = (value: unknown): value is ApiRoute => typeof value === 'object' && value !== null && 'access' in value;

/** Every route of the API by its name. A test holds it against what is served. */
export const API_ROUTES: Readonly<Record<string, ApiRoute>> = Object.fromEntries(
  Object.entries(exported).filter((entry): entry is [string, ApiRoute] => isRoute(entry[1])),
);

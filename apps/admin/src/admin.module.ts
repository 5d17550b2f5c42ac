import { Module, type DynamicModule } from '@nestjs/common';
import { ADMIN_NEEDS, type AdminNeeds } from './admin-needs.js';
import { ConfigFileController } from './configuration/config-file.controller.js';
import { ConnectorsController } from './configuration/connectors.controller.js';
import { SkillsController } from './configuration/skills.controller.js';
import { SmapiController } from './configuration/smapi.controller.js';
import { ConsoleController } from './console/console.controller.js';
import { DoctorHostsController } from './doctor/doctor-hosts.controller.js';
import { DoctorRunsController } from './doctor/doctor-runs.controller.js';
import { EventGrantsController } from './links/event-grants.controller.js';
import { ImportsController } from './imports/imports.controller.js';
import { LinksController } from './links/links.controller.js';
import { LiveController } from './live/live.controller.js';
import { ApiKeysController } from './members/api-keys.controller.js';
import { AuditController } from './members/audit.controller.js';
import { MembersController } from './members/members.controller.js';
import { SignInProvidersController } from './members/sign-in-providers.controller.js';
import { OpenApiController } from './open-api/open-api.controller.js';
import { OverviewController } from './overview/overview.controller.js';
import { CatalogueController } from './set-up/catalogue.controller.js';
import { FirstLinkController } from './set-up/first-link.controller.js';
import { LinkPagePreviewController } from './set-up/link-page-preview.controller.js';
import { TrySkillController } from './set-up/try-skill.controller.js';
import { AccountController } from './sign-in/account.controller.js';
import { ProviderController } from './sign-in/provider.controller.js';
import { SessionController } from './sign-in/session.controller.js';
import { StatusController } from './status.controller.js';
import { TenantsController } from './tenants/tenants.controller.js';
import { TimelineController } from './timeline/timeline.controller.js';
import { DeliveriesController } from './webhooks/deliveries.controller.js';

const CONTROLLERS = [
  StatusController,
  TimelineController,
  LinksController,
  ImportsController,
  EventGrantsController,
  LiveController,
  TenantsController,
  DeliveriesController,
  SkillsController,
  ConnectorsController,
  ConfigFileController,
  SmapiController,
  CatalogueController,
  FirstLinkController,
  TrySkillController,
  LinkPagePreviewController,
  DoctorHostsController,
  DoctorRunsController,
  OverviewController,
  OpenApiController,
  SessionController,
  AccountController,
  ProviderController,
  MembersController,
  ApiKeysController,
  SignInProvidersController,
  AuditController,
  // Last: it answers at whatever address nobody else does.
  ConsoleController,
];

@Module({})
export class AdminModule {
  static with(needs: AdminNeeds): DynamicModule {
    return {
      module: AdminModule,
      controllers: CONTROLLERS,
      providers: [{ provide: ADMIN_NEEDS, useValue: needs }],
    };
  }
}

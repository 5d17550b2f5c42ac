import { Module, type DynamicModule } from '@nestjs/common';
import { ADMIN_NEEDS, type AdminNeeds } from './admin-needs.js';
import { ConnectorsController } from './configuration/connectors.controller.js';
import { SkillsController } from './configuration/skills.controller.js';
import { SmapiController } from './configuration/smapi.controller.js';
import { ConsoleController } from './console/console.controller.js';
import { LinksController } from './links/links.controller.js';
import { ApiKeysController } from './members/api-keys.controller.js';
import { AuditController } from './members/audit.controller.js';
import { MembersController } from './members/members.controller.js';
import { SignInProvidersController } from './members/sign-in-providers.controller.js';
import { OpenApiController } from './open-api/open-api.controller.js';
import { OverviewController } from './overview/overview.controller.js';
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
  TenantsController,
  DeliveriesController,
  SkillsController,
  ConnectorsController,
  SmapiController,
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

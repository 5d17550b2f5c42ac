import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { DirectivesController } from './alexa/directives.controller.js';
import { EnablementController } from './alexa/enablement.controller.js';
import { EventsController } from './alexa/events.controller.js';
import { SkillEventsController } from './alexa/skill-events/skill-events.controller.js';
import { ReciprocalController } from './alexa/reciprocal.controller.js';
import { BROKER_NEEDS, type BrokerNeeds } from './broker-needs.js';
import { HealthController } from './health/health.controller.js';
import { FailureFilter } from './http/failure.filter.js';
import { LinkController } from './link/link.controller.js';
import { RepairController } from './link/repair.controller.js';
import { AuthorizeController } from './oauth/authorize.controller.js';
import { MetadataController } from './oauth/metadata.controller.js';
import { TokenManagementController } from './oauth/token-management.controller.js';
import { TokenController } from './oauth/token.controller.js';
import { UserinfoController } from './oauth/userinfo.controller.js';
import { CallbackController } from './upstream/callback.controller.js';

/** The broker's controllers around what `wire-broker.ts` assembled. */
@Module({})
export class AppModule {
  static with(needs: BrokerNeeds): DynamicModule {
    return {
      module: AppModule,
      controllers: [
        TokenController,
        TokenManagementController,
        UserinfoController,
        MetadataController,
        AuthorizeController,
        LinkController,
        RepairController,
        CallbackController,
        DirectivesController,
        EventsController,
        SkillEventsController,
        ReciprocalController,
        EnablementController,
        HealthController,
      ],
      providers: [
        { provide: BROKER_NEEDS, useValue: needs },
        { provide: APP_FILTER, useClass: FailureFilter },
      ],
    };
  }
}

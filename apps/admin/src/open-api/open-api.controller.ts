import { API_ROUTES } from '@linkbroker/contracts';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { API_PREFIX } from '../http/api-endpoint.js';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';

import { buildOpenApi } from './build-open-api.js';

/** The API's own description, for everybody: it says nothing about this installation. */
@Controller(`${API_PREFIX}/openapi.json`)
export class OpenApiController {
  private readonly document: string;

  constructor(@Inject(ADMIN_NEEDS) { adminUrl, version }: AdminNeeds) {
    this.document = JSON.stringify(buildOpenApi(API_ROUTES, { adminUrl, version }));
  }

  @Get()
  answer(@Res() reply: FastifyReply): void {
    reply
      .header('content-type', 'application/json; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(this.document);
  }
}

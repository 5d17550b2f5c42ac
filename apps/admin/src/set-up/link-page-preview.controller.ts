import { PREVIEW_LINK_PAGE, type ApiInput } from '@linkbroker/contracts';
import { contentSecurityPolicy, pickLanguage, renderLinkPage } from '@linkbroker/ui';
import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ApiEndpoint } from '../http/api-endpoint.js';
import { CallerOf, InputOf } from '../http/api-request.js';
import { tenantOfCall } from '../http/tenant-of-call.js';
import type { Caller } from '../sign-in/caller.js';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';

/** Nobody's attempt: its buttons lead nowhere. */
const NO_ATTEMPT = 'preview';

/** The very page that households see, of what somebody has not saved yet. @see docs/linking.md */
@Controller()
export class LinkPagePreviewController {
  constructor(@Inject(ADMIN_NEEDS) private readonly needs: Pick<AdminNeeds, 'configuration' | 'brokerUrl'>) {}

  @ApiEndpoint(PREVIEW_LINK_PAGE)
  async preview(
    @CallerOf() caller: Caller,
    @InputOf() { body }: ApiInput<typeof PREVIEW_LINK_PAGE>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const state = await this.needs.configuration.read(tenantOfCall(caller));
    const connectors = body.connectors.flatMap((slug) => {
      const known = state.connectors.find((connector) => connector.slug === slug);
      return known ? [{ slug, name: known.name, refused: false }] : [];
    });
    const page = renderLinkPage({
      language: pickLanguage(body.language),
      linkRequestId: NO_ATTEMPT,
      address: `${this.needs.brokerUrl}/link/${NO_ATTEMPT}`,
      skillName: body.name,
      tenantName: state.name,
      branding: body.branding,
      connectors,
      repair: false,
    });
    reply.header('content-security-policy', contentSecurityPolicy(page, true));
    return page.markup;
  }
}

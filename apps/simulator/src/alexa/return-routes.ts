import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendPage } from '../html/send-page.js';
import { rawQuery } from '../http/params.js';
import { recordResult } from './accounts.js';
import { implicitPath, type AlexaApp } from './alexa-app.js';
import { finishLink } from './finish-link.js';
import { fragmentPage, fragmentScript } from './pages/fragment-page.js';
import { refusedPage, unknownSkillPage } from './pages/message-pages.js';
import { resultPage } from './pages/result-page.js';
import { takeFragment, takeReturn, type Returned } from './return.js';
import { tellLinked } from './tell-skill.js';

/** From a judged return to the page that tells how it went. */
async function conclude(
  app: AlexaApp,
  returned: Returned,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const account = app.account(request, reply);
  if (returned.kind === 'refused') return sendPage(reply, 400, refusedPage(returned.finding));
  const skill = app.findSkill(returned.pending.clientId);
  if (!skill) return sendPage(reply, 404, unknownSkillPage());
  const result = await tellLinked(app, account, skill, await finishLink(account, skill, returned, app));
  if (result.linked) account.runs.set(skill.clientId, [result.run]);
  // The next address holds neither code nor state, and can be reloaded (R49 names the path).
  const id = recordResult(account, result);
  return reply.redirect(`/alexa/external/link-result?success=${result.linked}&id=${id}`, 303);
}

interface VendorQuery {
  readonly Querystring: { readonly vendorId?: string };
}

/** The redirect URIs that Amazon's cloud listens on, and where the app goes from there. */
export function returnRoutes(server: FastifyInstance, app: AlexaApp): void {
  server.get<{ Params: { vendorId: string } }>('/alexa/api/skill/link/:vendorId', (request, reply) => {
    const { pending } = app.account(request, reply);
    const returned = takeReturn(request.raw.url ?? '', request.params.vendorId, pending, app.now());
    return conclude(app, returned, request, reply);
  });

  server.get<VendorQuery>(`/alexa${implicitPath}`, (request, reply) => {
    const { pending } = app.account(request, reply);
    const query = rawQuery(request.raw.url ?? '');
    if (/(?:^|&)state=/.test(query)) {
      const returned = takeReturn(`?${query}`, String(request.query.vendorId), pending, app.now());
      return conclude(app, returned, request, reply);
    }
    return sendPage(reply, 200, fragmentPage(request.raw.url ?? ''), { script: fragmentScript });
  });

  server.post<VendorQuery>(`/alexa${implicitPath}`, (request, reply) => {
    const { pending } = app.account(request, reply);
    const fragment = request.body instanceof URLSearchParams ? (request.body.get('fragment') ?? '') : '';
    const returned = takeFragment(fragment, String(request.query.vendorId), pending, app.now());
    return conclude(app, returned, request, reply);
  });

  server.get<{ Querystring: { id?: string } }>('/alexa/external/link-result', (request, reply) => {
    const result = app.account(request, reply).results.get(String(request.query.id));
    const skill = result && app.findSkill(result.clientId);
    return result && skill ? sendPage(reply, 200, resultPage(skill, result)) : reply.redirect('/alexa', 303);
  });
}

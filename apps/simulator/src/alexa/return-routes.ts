import type { FastifyInstance } from 'fastify';
import { sendPage } from '../html/send-page.js';
import { recordResult } from './accounts.js';
import type { AlexaApp } from './alexa-app.js';
import { finishLink } from './finish-link.js';
import { refusedPage, unknownSkillPage } from './pages/message-pages.js';
import { resultPage } from './pages/result-page.js';
import { takeReturn } from './return.js';

/** The redirect URI that Amazon's cloud listens on, and where the app goes from there. */
export function returnRoutes(server: FastifyInstance, app: AlexaApp): void {
  server.get<{ Params: { vendorId: string } }>('/alexa/api/skill/link/:vendorId', async (request, reply) => {
    const account = app.account(request, reply);
    const returned = takeReturn(request.raw.url ?? '', request.params.vendorId, account.pending, app.now());
    if (returned.kind === 'refused') return sendPage(reply, 400, refusedPage(returned.finding));
    const skill = app.findSkill(returned.pending.clientId);
    if (!skill) return sendPage(reply, 404, unknownSkillPage());
    const result = await finishLink(account, skill, returned, app);
    if (result.linked) account.runs.set(skill.clientId, [result.run]);
    // The next address holds neither code nor state, and can be reloaded (R49 names the path).
    const id = recordResult(account, result);
    return reply.redirect(`/alexa/external/link-result?success=${result.linked}&id=${id}`, 303);
  });

  server.get<{ Querystring: { id?: string } }>('/alexa/external/link-result', (request, reply) => {
    const result = app.account(request, reply).results.get(String(request.query.id));
    const skill = result && app.findSkill(result.clientId);
    return result && skill ? sendPage(reply, 200, resultPage(skill, result)) : reply.redirect('/alexa', 303);
  });
}

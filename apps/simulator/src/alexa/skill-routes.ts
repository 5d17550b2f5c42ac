import type { FastifyInstance, FastifyReply } from 'fastify';
import { sendPage } from '../html/send-page.js';
import { forgetOldStates, recordRun } from './accounts.js';
import {
  askBackend,
  askUpstreamToken,
  loseResponse,
  olderToken,
  refreshNow,
  tenAtOnce,
  type Action,
} from './actions.js';
import type { AlexaApp, SkillVisit } from './alexa-app.js';
import { skillPage } from './pages/skill-page.js';
import { skillsPage } from './pages/skills-page.js';
import { startLink, type LinkOptions } from './start-link.js';

const actions = new Map<string, Action>([
  ['refresh', refreshNow],
  ['lose-response', loseResponse],
  ['ten-at-once', tenAtOnce],
  ['older-token', olderToken],
  ['ask-backend', askBackend],
  ['upstream-token', askUpstreamToken],
]);

function readOptions(body: unknown): LinkOptions {
  const form = body instanceof URLSearchParams ? body : new URLSearchParams();
  return {
    pkce: form.has('pkce'),
    rawState: form.has('rawState'),
    scheme: form.get('scheme') === 'HTTP_BASIC' ? 'HTTP_BASIC' : undefined,
  };
}

function show(app: AlexaApp, { account, skill, reply, request }: SkillVisit): FastifyReply {
  const redirectUri = app.redirectUri(skill);
  const brokerUrl = app.context.brokerUrl();
  const justDisabled = (request.query as Record<string, unknown>).disabled !== undefined;
  return sendPage(reply, 200, skillPage({ skill, account, redirectUri, brokerUrl, justDisabled, now: app.now() }));
}

function enable(app: AlexaApp, { account, skill, request, reply }: SkillVisit): FastifyReply {
  forgetOldStates(account, app.now());
  const { pending, authorizeUrl } = startLink(
    app.context.brokerUrl(),
    skill,
    app.redirectUri(skill),
    readOptions(request.body),
    app.now(),
  );
  account.pending.set(pending.state, pending);
  return reply.redirect(authorizeUrl, 303);
}

/** Alexa forgets its copy of the tokens and tells nobody (R111). */
function disable(app: AlexaApp, { account, skill, reply }: SkillVisit): FastifyReply {
  account.links.delete(skill.clientId);
  account.runs.delete(skill.clientId);
  return reply.redirect(`${app.skillPath(skill)}?disabled`, 303);
}

async function act(app: AlexaApp, { account, skill, request, reply }: SkillVisit): Promise<FastifyReply> {
  const action = actions.get((request.params as { action: string }).action);
  const link = account.links.get(skill.clientId);
  if (action && link && link.lost === undefined) {
    recordRun(account, skill.clientId, await action({ broker: app.broker(), skill, link, now: app.now }));
  }
  return reply.redirect(app.skillPath(skill), 303);
}

/** The pages of the Alexa app. */
export function skillRoutes(server: FastifyInstance, app: AlexaApp): void {
  const skillPath = '/alexa/skills/:clientId';
  server.get('/alexa', (request, reply) =>
    sendPage(reply, 200, skillsPage(app.context.skills(), app.account(request, reply))),
  );
  server.get(
    skillPath,
    app.forSkill((visit) => show(app, visit)),
  );
  server.post(
    `${skillPath}/enable`,
    app.forSkill((visit) => enable(app, visit)),
  );
  server.post(
    `${skillPath}/disable`,
    app.forSkill((visit) => disable(app, visit)),
  );
  server.post(
    `${skillPath}/:action`,
    app.forSkill((visit) => act(app, visit)),
  );
}

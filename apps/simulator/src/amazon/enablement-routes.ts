import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { redeemCode } from '../alexa/token-endpoint.js';
import type { SimulatorContext } from '../context.js';
import type { Skill } from '../skills.js';
import { regions, type Amazon, type Household } from './amazon.js';

const orderSchema = z.object({
  stage: z.enum(['development', 'live']),
  accountLinkRequest: z.object({ redirectUri: z.string(), authCode: z.string(), type: z.literal('AUTH_CODE') }),
});

interface Visit {
  readonly household: Household;
  readonly skill: Skill;
}
interface Refusal {
  readonly status: number;
  readonly message: string;
}
type Path = { readonly Params: { readonly region: string; readonly skillId: string } };

/**
 * Alexa's API by which a skill is enabled from another app: in each region, for the households of that region. Enabling
 * redeems the code at the broker before it is answered.
 * @see R190–R194
 */
export function enablementRoutes(server: FastifyInstance, amazon: Amazon, context: SimulatorContext): void {
  const enabled = new Map<Household, Set<string>>();
  const judge = ({ params, headers }: FastifyRequest<Path>): Visit | Refusal => {
    const authorization = headers.authorization ?? '';
    // The scheme is compared to the letter (R194).
    if (!authorization.startsWith('Bearer ')) return { status: 400, message: 'Bad authorization.' };
    const household = amazon.householdOf(authorization);
    if (!household) return { status: 401, message: 'The token is invalid.' };
    const skill = context.skills().find(({ skillId }) => skillId === params.skillId);
    if (household.region !== params.region || !skill) return { status: 404, message: 'There is no such skill.' };
    if (skill.events?.clientId !== household.clientId) return { status: 403, message: 'Not for this client.' };
    return { household, skill };
  };
  const refuse = (reply: FastifyReply, { status, message }: Refusal) => reply.code(status).send({ message });
  const path = '/gateway/:region/v1/users/~current/skills/:skillId/enablement';

  server.get<Path>('/gateway/:region/v1/alexaApiEndpoint', (request, reply) => {
    const household = amazon.householdOf(request.headers.authorization ?? '');
    const known = household && regions.includes(household.region);
    if (!known) return reply.code(401).send({ message: 'The token is invalid.' });
    return reply.send({ endpoints: [`${context.url()}/gateway/${household.region}`] });
  });

  server.post<Path>(path, async (request, reply) => {
    const found = judge(request);
    if ('status' in found) return refuse(reply, found);
    const order = orderSchema.safeParse(request.body);
    if (!order.success) return reply.code(400).send({ message: 'The request is malformed.' });
    const { redirectUri, authCode: code } = order.data.accountLinkRequest;
    const broker = { url: context.brokerUrl(), deadlineMs: context.tokenDeadlineMs };
    const { verdict } = await redeemCode(broker, found.skill, 'REQUEST_BODY_CREDENTIALS', { code, redirectUri });
    if (!verdict.tokens) return reply.code(400).send({ message: 'Invalid account linking credentials.' });
    const skills = enabled.get(found.household) ?? new Set();
    enabled.set(found.household, skills.add(found.skill.clientId));
    return reply.code(201).send(statusOf(true));
  });

  server.get<Path>(path, (request, reply) => {
    const found = judge(request);
    return 'status' in found ? refuse(reply, found) : reply.send(statusOf(isEnabled(enabled, found)));
  });

  server.delete<Path>(path, (request, reply) => {
    const found = judge(request);
    if ('status' in found) return refuse(reply, found);
    enabled.get(found.household)?.delete(found.skill.clientId);
    return reply.code(204).send();
  });
}

const isEnabled = (enabled: ReadonlyMap<Household, ReadonlySet<string>>, { household, skill }: Visit): boolean =>
  enabled.get(household)?.has(skill.clientId) ?? false;

const statusOf = (linked: boolean) => ({
  status: linked ? 'ENABLED' : 'DISABLED',
  accountLink: { status: linked ? 'LINKED' : 'NOT_LINKED' },
});

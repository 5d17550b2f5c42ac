import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import { HOUSEKEEPING_QUEUE, queueConnection } from '@linkbroker/queues';
import { Queue } from 'bullmq';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AdminNeeds } from '../admin-needs.js';
import { findPrincipal } from '../http/find-principal.js';
import { ApiProblem, forbidden, toProblem, writeProblem } from '../http/problem.js';
import { takeTurn } from '../http/request-limit.js';

/** Where operators look at the worker's queue. */
export const QUEUE_BOARD_PATH = '/queues';

/** The board has style attributes; its scripts are files of its own, and nothing comes from another host. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'";

/**
 * Puts bull-board below {@link QUEUE_BOARD_PATH}, for operators and for looking only: what a chore does is repeated by the
 * schedule, and a job says only which chore it is.
 * @returns how to let go of the queue
 */
export function serveQueueBoard(app: FastifyInstance, needs: AdminNeeds, redisUrl: string): () => Promise<void> {
  const queue = new Queue(HOUSEKEEPING_QUEUE, { connection: { ...queueConnection(redisUrl), lazyConnect: true } });
  queue.on('error', (error) => needs.logger.debug({ err: error }, 'queue connection'));
  const board = new FastifyAdapter();
  board.setBasePath(QUEUE_BOARD_PATH);
  const uiConfig = { boardTitle: 'Linkbroker queues' };
  createBullBoard({
    queues: [new BullMQAdapter(queue, { readOnlyMode: true })],
    serverAdapter: board,
    options: { uiConfig },
  });
  const letIn = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    reply.header('content-security-policy', POLICY);
    try {
      await checkOperator(needs, request);
    } catch (error) {
      const problem = toProblem(error);
      const isPage = problem.status === 401 && (request.headers.accept ?? '').includes('text/html');
      if (isPage) reply.redirect(`/sign-in?back=${encodeURIComponent(QUEUE_BOARD_PATH)}`, 303);
      else writeProblem(reply, problem);
    }
  };
  app.register(
    (scope, _options, done) => {
      scope.addHook('onRequest', letIn);
      void scope.register(board.registerPlugin());
      done();
    },
    { prefix: QUEUE_BOARD_PATH },
  );
  return () => queue.close();
}

/** @throws ApiProblem for who is no operator, and for whatever would change something */
async function checkOperator(needs: AdminNeeds, request: FastifyRequest): Promise<void> {
  const principal = await findPrincipal(needs, request);
  await takeTurn(needs, request, principal);
  if (!principal) throw new ApiProblem(401, 'Not authenticated', 'Sign in as an operator.');
  if (
    principal.kind !== 'operator-key' &&
    !(principal.kind === 'person' && principal.operator && principal.secondFactorAt)
  )
    throw forbidden('This is for operators, with their second factor.');
  if (request.method !== 'GET') throw new ApiProblem(405, 'Not allowed', 'The queue is for looking at.');
}

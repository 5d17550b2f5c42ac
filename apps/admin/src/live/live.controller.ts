import { WATCH_TENANT, type ApiInput, type LiveTopic } from '@linkbroker/contracts';
import { Controller, Inject, Res, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { ServerResponse } from 'node:http';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';
import { ApiEndpoint } from '../http/api-endpoint.js';
import { CallerOf, InputOf } from '../http/api-request.js';
import { tooMany } from '../http/problem.js';
import { tenantOfCall } from '../http/tenant-of-call.js';
import type { Caller } from '../sign-in/caller.js';
import { LiveFeed } from './live-feed.js';

/** A proxy takes a connection on which nothing comes for dead. */
const BEAT_MS = 20_000;
/** Streams of one process: people who look on, each with a tab or two. */
const MOST_STREAMS = 500;
/** Milliseconds after which a browser asks again. */
const AGAIN_MS = 1_000;

/** Says when there is something new, for as long as somebody looks on. */
@Controller()
export class LiveController implements OnModuleDestroy {
  private readonly feed: LiveFeed;
  private readonly streams = new Set<ServerResponse>();

  constructor(@Inject(ADMIN_NEEDS) { liveMarks }: AdminNeeds) {
    this.feed = new LiveFeed((tenantId) => liveMarks.read(tenantId));
  }

  @ApiEndpoint(WATCH_TENANT)
  watch(
    @CallerOf() caller: Caller,
    @InputOf() { query }: ApiInput<typeof WATCH_TENANT>,
    @Res() reply: FastifyReply,
  ): void {
    if (this.streams.size >= MOST_STREAMS) throw tooMany('Too many look on at once.', BEAT_MS / 1_000);
    const headers = Object.entries(reply.getHeaders());
    reply.hijack();
    const stream = reply.raw;
    for (const [name, value] of headers) if (value !== undefined) stream.setHeader(name, value);
    // Kept alive the connection would hold up the end of the process, which ends what streams there are.
    stream.setHeader('connection', 'close');
    stream.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    stream.write(`retry: ${String(AGAIN_MS)}\n\n`);
    this.streams.add(stream);
    const say = (topics: readonly LiveTopic[]): void => {
      stream.write(`event: news\ndata: ${JSON.stringify(topics)}\n\n`);
    };
    const stop = this.feed.watch(tenantOfCall(caller), say);
    const beat = setInterval(() => stream.write(': \n\n'), BEAT_MS);
    const end = setTimeout(() => stream.end(), query.seconds * 1_000);
    stream.once('close', () => {
      stop();
      clearInterval(beat);
      clearTimeout(end);
      this.streams.delete(stream);
    });
  }

  onModuleDestroy(): void {
    for (const stream of this.streams) stream.end();
  }
}

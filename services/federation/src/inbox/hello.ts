import { CAPABILITIES, FEDERATION_PATH, Hello, type HelloAnswer, LOG_LIMITS, PROTOCOL_VERSIONS } from '@beacontower/contracts';
import { introduce, lastDownward } from '@beacontower/database';
import type { FastifyInstance } from 'fastify';
import { Refusal } from '../protocol/refusal.ts';
import { parse } from './bodies.ts';
import { lockSpeaker } from './held.ts';
import type { CallContext } from './listener.ts';
import type { Speaker } from './speaker.ts';

/** `POST /hello`: who speaks, in which version and incarnation, and from where the log goes on. */
export function registerHello(app: FastifyInstance, context: CallContext): void {
  app.post(`${FEDERATION_PATH}/hello`, { bodyLimit: 64 * 1024 }, async (request) => {
    const from = context.speaker(request);
    return greet(context, from, checked(context, from, request.body));
  });
}

interface Checked {
  readonly hello: Hello;
  readonly protocol: number;
  readonly offsetMs: number;
  readonly now: number;
}

// Versions first: a hello of the future may look otherwise in all the rest.
function checked({ options, clock }: CallContext, from: Speaker, body: unknown): Checked {
  const { protocols } = parse(Hello.pick({ protocols: true }), body);
  const protocol = Math.max(...protocols.filter((version) => PROTOCOL_VERSIONS.some((known) => known === version)));
  if (!Number.isFinite(protocol)) throw new Refusal('version-unsupported', 'no version in common', { supported: PROTOCOL_VERSIONS });
  const hello = parse(Hello, body);
  if (hello.node !== from.node) throw new Refusal('certificate-foreign', `the certificate is that of ${from.node}, not of ${hello.node}`);
  if (hello.division !== from.division) throw new Refusal('out-of-scope', `the certificate speaks for ${from.division}`);
  const now = clock.now();
  const offsetMs = hello.time - now;
  if (Math.abs(offsetMs) > options.maxOffsetMs)
    throw new Refusal('clock-off', `the clocks differ by ${Math.round(offsetMs / 1_000)} s: set the clock of your node`, { offsetMs });
  return { hello, protocol, offsetMs, now };
}

function greet(
  { database, clock, node, options }: CallContext,
  from: Speaker,
  { hello, protocol, offsetMs, now }: Checked,
): Promise<HelloAnswer> {
  return database.transaction(async (tx) => {
    const held = await lockSpeaker(tx, from);
    const done = await introduce(tx, held, hello, now);
    if (done.outcome === 'superseded')
      throw new Refusal('incarnation-superseded', 'a newer incarnation of this node has spoken: this one is not heard any more');
    if (done.outcome === 'behind')
      throw new Refusal('history-differs', 'more of this log is applied here than it has: a back-up was restored', { resume: done.resume });
    return {
      protocol,
      node,
      time: clock.now(),
      offsetMs,
      capabilities: [...CAPABILITIES],
      limits: LOG_LIMITS,
      snapshotEveryMs: options.snapshotEveryMs,
      resume: done.resume,
      previous: done.previous,
      downward: await lastDownward(tx, from.node),
      certificate: { serial: from.serial, notAfter: from.notAfter },
    };
  });
}

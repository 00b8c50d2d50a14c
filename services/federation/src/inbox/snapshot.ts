import { FEDERATION_PATH, Snapshot, type SnapshotAnswer } from '@beacontower/contracts';
import { applySnapshot, lastDownward } from '@beacontower/database';
import type { FastifyInstance } from 'fastify';
import { Refusal } from '../protocol/refusal.ts';
import { parse } from './bodies.ts';
import { lockSpeaker } from './held.ts';
import type { CallContext } from './listener.ts';
import { holdPlaces, Places } from './places.ts';
import { readNodeScope, refuseSnapshot } from './scope.ts';
import { unsoundSnapshot } from './sound.ts';
import type { Speaker } from './speaker.ts';

/** Each may be as long as a message: one that is read, and one that a broken line left behind. */
const SNAPSHOTS = { all: 48, ofOne: 2 } as const;

/** `PUT /snapshot`: the states of this moment; the latest wins. */
export function registerSnapshot(app: FastifyInstance, context: CallContext): void {
  const places = new Places(SNAPSHOTS);
  app.register(async (snapshots) => {
    holdPlaces(snapshots, (request) => places.enter(context.speaker(request).node));
    snapshots.put(`${FEDERATION_PATH}/snapshot`, async (request) => {
      const from = context.speaker(request);
      const answer = await take(context, from, parse(Snapshot, request.body));
      context.metrics.snapshots.inc({ node: from.node });
      return answer;
    });
  });
}

function take({ database, clock, options }: CallContext, from: Speaker, snapshot: Snapshot): Promise<SnapshotAnswer> {
  return database.transaction(async (tx) => {
    const now = clock.now();
    const held = await lockSpeaker(tx, from);
    if (held.incarnation !== snapshot.incarnation) throw new Refusal('hello-needed', 'say hello first');
    if (snapshot.version <= held.snapshotVersion) throw new Refusal('snapshot-stale', `version ${held.snapshotVersion} is there already`);
    if (snapshot.base !== null && snapshot.base !== held.snapshotVersion) throw new Refusal('snapshot-base-unknown', 'send all states');
    const offsetMs = snapshot.at - now;
    if (Math.abs(offsetMs) > options.maxOffsetMs)
      throw new Refusal('clock-off', `the clocks differ by ${Math.round(offsetMs / 1_000)} s: set the clock of your node`, { offsetMs });
    refuseSnapshot(await readNodeScope(tx, held), snapshot);
    const fault = unsoundSnapshot(snapshot, now);
    if (fault !== null) throw new Refusal(fault.code, fault.detail);
    const applied = await applySnapshot(tx, held, snapshot, now);
    if (applied.outcome === 'whole-needed') throw new Refusal('snapshot-base-unknown', 'the log is behind: send all states');
    return {
      version: snapshot.version,
      downward: await lastDownward(tx, from.node),
      digestsWanted: applied.differing > 0,
      nextMs: options.snapshotEveryMs,
    };
  });
}

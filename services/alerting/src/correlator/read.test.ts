import type { LogEntry } from '@beacontower/contracts';
import { createWorld, DEFAULT_CORRELATION_POLICY, type Effect, type State, type World } from '@beacontower/domain';
import { describe, expect, it } from 'vitest';
import { readBatch } from './read.ts';

const AT = 1_800_000_000_000;
const OBJECT = 'n:a';

describe('an incident resolved by hand', () => {
  it('whose cause fell again just then is followed by another', () => {
    const world = createWorld([{ id: OBJECT, class: 'backbone', monitored: true, parents: [], rule: { require: 'any' } }]);
    const [opened] = read(world, state(1, 'down'));
    expect(opened?.effect).toBe('open');
    const incident = (opened as Extract<Effect, { effect: 'open' }>).incident;
    read(world, state(2, 'unknown'));
    // The pipeline's commit comes between the person's look at the cause and the person's commit.
    expect(read(world, state(3, 'down')).filter(({ effect }) => effect === 'open')).toEqual([]);
    const after = read(world, resolved(4, incident)).find(({ effect }) => effect === 'open');
    expect(after).toMatchObject({ cause: OBJECT, silent: false });
    expect(after).not.toMatchObject({ incident });
  });
});

function read(world: World, ...entries: LogEntry[]): Effect[] {
  return readBatch(world, entries, { now: AT, overdueAt: 0, policy: DEFAULT_CORRELATION_POLICY }).effects.flat();
}

function state(sequence: number, to: State): LogEntry {
  const at = AT + sequence * 1_000;
  const body = {
    ...{ transition: sequence, object: OBJECT, check: null, from: 'up' as const, to },
    ...{ at, earliest: at, latest: at, reason: 'no-reply' as const, decidedAt: at },
  };
  return { sequence, kind: 'state', subject: OBJECT, eventAt: at, recordedAt: at, body };
}

function resolved(sequence: number, incident: string): LogEntry {
  const at = AT + sequence * 1_000;
  const body = {
    incident,
    number: 1,
    change: 'resolved' as const,
    state: 'resolved' as const,
    severity: 'critical' as const,
    cause: OBJECT,
  };
  return { sequence, kind: 'incident', subject: incident, eventAt: at, recordedAt: at, body: { ...body, object: null } };
}

/** What is remembered of conditions between two passes, and how far the streams of samples were judged by them. */
import type { ConditionMemory } from '@beacontower/domain';
import { z } from 'zod';
import type { Queryable } from '../pool.ts';

const ConditionMemoryBody = z.object({
  test: z.string(),
  phase: z.enum(['rising', 'raised']),
  since: z.number(),
  earliest: z.number(),
  seenAt: z.number(),
  value: z.number().nullable(),
  worst: z.number().nullable(),
  clearSince: z.number().nullable(),
}) satisfies z.ZodType<ConditionMemory>;

/** One condition on one object; `incident` is the one that was opened when it was raised. */
export interface ConditionState {
  readonly condition: string;
  readonly object: string;
  readonly memory: ConditionMemory;
  readonly incident: string | null;
}

export async function readConditionStates(db: Queryable): Promise<ConditionState[]> {
  const result = await db.query<{ condition: string; object: string; body: unknown; incident: string | null }>(
    'SELECT condition, object_id AS object, body, incident FROM condition_states ORDER BY condition, object_id',
  );
  return result.rows.map(({ body, ...row }) => ({ ...row, memory: ConditionMemoryBody.parse(body) }));
}

/** Adds, replaces and removes. */
export async function saveConditionStates(
  tx: Queryable,
  states: readonly ConditionState[],
  gone: readonly Pick<ConditionState, 'condition' | 'object'>[],
  now: number,
): Promise<void> {
  if (gone.length > 0)
    await tx.query(
      'DELETE FROM condition_states s USING unnest($1::text[], $2::text[]) AS g (condition, object) WHERE s.condition = g.condition AND s.object_id = g.object',
      [gone.map(({ condition }) => condition), gone.map(({ object }) => object)],
    );
  if (states.length === 0) return;
  await tx.query(
    `INSERT INTO condition_states (condition, object_id, body, incident, updated_at)
     SELECT condition, object, memory, incident, $2
     FROM jsonb_to_recordset($1) AS s (condition text, object text, memory jsonb, incident uuid)
     ON CONFLICT (condition, object_id) DO UPDATE SET body = excluded.body, incident = excluded.incident, updated_at = excluded.updated_at`,
    [JSON.stringify(states), now],
  );
}

/** Id of the last entry of a stream that was judged, and how many there ever were up to it; null: not known. */
export interface ConditionOffset {
  readonly id: string;
  readonly passed: number | null;
}

/** By stream. */
export async function readConditionOffsets(db: Queryable): Promise<Map<string, ConditionOffset>> {
  const result = await db.query<{ stream: string; id: string; passed: number | null }>(
    `SELECT stream, last_id AS id, (body ->> 'passed')::bigint AS passed FROM condition_offsets`,
  );
  return new Map(result.rows.map(({ stream, id, passed }) => [stream, { id, passed }]));
}

export async function saveConditionOffsets(tx: Queryable, offsets: ReadonlyMap<string, ConditionOffset>, now: number): Promise<void> {
  if (offsets.size === 0) return;
  const list = [...offsets];
  await tx.query(
    `INSERT INTO condition_offsets (stream, last_id, body, updated_at)
     SELECT stream, id, jsonb_build_object('passed', passed), $4 FROM unnest($1::text[], $2::text[], $3::bigint[]) AS o (stream, id, passed)
     ON CONFLICT (stream) DO UPDATE SET last_id = excluded.last_id, body = excluded.body, updated_at = excluded.updated_at`,
    [list.map(([stream]) => stream), list.map(([, { id }]) => id), list.map(([, { passed }]) => passed), now],
  );
}

/** When no condition is about samples: whoever reads them next begins with what comes then. */
export async function forgetConditionOffsets(tx: Queryable): Promise<void> {
  await tx.query('DELETE FROM condition_offsets');
}

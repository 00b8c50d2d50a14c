import {
  ExportOrder,
  INTERFACE_COUNTERS,
  type LatestAnswer,
  LatestQuestion,
  type RowsAnswer,
  RowsQuestion,
  SeriesQuestion,
} from '@beacontower/contracts';
import { type Answerer, RequestError } from '@beacontower/queue';
import { withoutCredentials } from '@beacontower/runtime';
import type { Predecessors } from '@beacontower/samples';
import type { TimeSeriesStore } from '@beacontower/timeseries';
import type { z } from 'zod';
import type { RecorderMetrics } from './metrics.ts';
import { packSlice } from './slices.ts';

/** What the recorder answers, by the kind of the question. */
export function createAnswerers(store: TimeSeriesStore, latest: Predecessors, metrics: RecorderMetrics): Record<string, Answerer> {
  const answerers: Record<string, Answerer> = {
    series: async (body) => store.series(parse(SeriesQuestion, body)),
    latest: async (body) => readLatest(latest, parse(LatestQuestion, body).checks),
    state: async () => store.state(),
    rows: async (body) => firstSlice(store, parse(RowsQuestion, body)),
    export: async (body) => {
      const order = parse(ExportOrder, body);
      // What went wrong is for the person who asked: a file that is there already, a disk that is full.
      return store.export(order).catch((error: unknown) => {
        throw new RequestError('export-failed', withoutCredentials(error instanceof Error ? error.message : String(error)));
      });
    },
  };
  return Object.fromEntries(Object.entries(answerers).map(([kind, answer]) => [kind, timed(kind, answer, metrics)]));
}

async function firstSlice(store: TimeSeriesStore, period: z.infer<typeof RowsQuestion>): Promise<RowsAnswer> {
  for await (const slice of store.rows(period)) return packSlice(slice);
  return null;
}

function timed(kind: string, answer: Answerer, metrics: RecorderMetrics): Answerer {
  return async (body) => {
    const end = metrics.answer.startTimer({ kind });
    try {
      const value = await answer(body);
      end({ result: 'answered' });
      return value;
    } catch (error) {
      end({ result: 'failed' });
      throw error;
    }
  };
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (!parsed.success)
    throw new RequestError('invalid', parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  return parsed.data;
}

/** The increments that each check had last; one that had none since the recorder began is left out. */
export function readLatest(latest: Predecessors, checks: readonly number[]): LatestAnswer {
  return checks.flatMap((check) => {
    const slot = latest.slotOf(check);
    if (slot < 0 || latest.span[slot] === 0) return [];
    const increments = INTERFACE_COUNTERS.map((_, counter) => {
      const increment = latest.increments[counter]?.[slot] ?? Number.NaN;
      return Number.isNaN(increment) ? null : increment;
    });
    return [
      {
        check,
        at: latest.at[slot] as number,
        span: latest.span[slot] as number,
        speed: latest.speed[slot] as number,
        status: latest.status[slot] as number,
        increments,
      },
    ];
  });
}

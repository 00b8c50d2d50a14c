import { COVERAGE_LEVELS, UNIT_LEVELS } from '@beacontower/domain';
import { z } from 'zod';
import { checkPeriod, DivisionPath, Instant, Timestamp } from './common.ts';

/** `GET /api/v1/coverage` */
export const CoverageQuery = z
  .strictObject({
    division: DivisionPath.optional().describe('dotted path; that of the node when left out'),
    at: Instant.optional().describe('the state just before this moment; now when left out'),
    from: Instant.optional().describe('growth is against the state just before this moment; the beginning of the half-year when left out'),
    list: z.string().min(1).max(64).optional().describe('id of a list of divisions; the one in force at each moment when left out'),
  })
  .superRefine((query, context) => checkPeriod({ from: query.from, to: query.at }, context));
export type CoverageQuery = z.infer<typeof CoverageQuery>;

const count = z.number().int().nonnegative();
const fraction = z.number().nullable();

const Growth = z.object({
  before: z.number().nullable(),
  absolute: z.number().nullable(),
  relative: fraction.describe('a fraction of before; null when there is nothing to compare with'),
});
const LevelCoverage = z.object({
  connected: count,
  implied: count.describe('of connected: only because a division below is'),
  total: count,
  fraction: fraction.describe(
    'connected / total, not rounded; null when the list has none of this level, or the node has no connection at all registered then',
  ),
  growth: Growth.describe('of connected'),
});
const Levels = z.object(
  Object.fromEntries(COVERAGE_LEVELS.map((level) => [level, LevelCoverage])) as Record<
    (typeof COVERAGE_LEVELS)[number],
    typeof LevelCoverage
  >,
);

const Numbers = z.object({
  units: count,
  namedUnits: count.describe('of units: those with a name; the rest is reported in numbers'),
  terminals: count.nullable().describe('null when nobody reports any'),
  applications: count,
  internetExitUnits: count.describe('named units that use the unified Internet exit'),
});
const CountedNumbers = Numbers.extend({
  growth: z.object({ units: Growth, terminals: Growth, applications: Growth, internetExitUnits: Growth }),
});

const List = z
  .object({
    id: z.string(),
    name: z.string(),
    nameEn: z.string(),
    date: z.string().describe('YYYY-MM-DD: in force from this day on'),
    source: z.string(),
    licence: z.string(),
    convertedAt: z.string(),
    counts: z.object({ province: count, city: count, county: count }),
    countsEn: z.string().describe('what the list counts, and what not'),
    countsZh: z.string(),
    assumptions: z.array(z.object({ id: z.string(), textZh: z.string(), textEn: z.string() })),
  })
  .meta({ id: 'DivisionList' });

export const Coverage = z
  .object({
    division: z.string(),
    at: Timestamp,
    from: Timestamp,
    list: List.nullable(),
    listBefore: z.string().nullable().describe('id of the list by which the state before was judged'),
    corpsList: List.nullable(),
    withoutCorps: Levels,
    withCorps: Levels,
    unlisted: z
      .array(z.object({ code: z.string(), name: z.string().nullable() }))
      .describe('connections whose code is in no list; they count nowhere'),
    total: CountedNumbers,
    byLevel: z.object(
      Object.fromEntries(UNIT_LEVELS.map((level) => [level, CountedNumbers])) as Record<
        (typeof UNIT_LEVELS)[number],
        typeof CountedNumbers
      >,
    ),
  })
  .meta({ id: 'Coverage' });
export type Coverage = z.infer<typeof Coverage>;

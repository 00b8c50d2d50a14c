/** `GET /api/v1/wall`: everything one screen shows of the country, in one answer. What lies outside the caller's divisions is not in it. */
import { LINK_STATES, OBJECT_CLASSES, TILE_REASONS } from '@beacontower/domain';
import { z } from 'zod';
import { SEVERITIES } from '../words.ts';
import { StateName, Timestamp } from './common.ts';
import { IncidentSummary } from './incidents.ts';
import { SelfStatus } from './self.ts';

const count = z.number().int().nonnegative();
const integerMs = z.number().int().nonnegative();
const fraction = z.number().nullable();

/** How many objects are in each state; quiet ones are not counted. */
export const StateCounts = z.object({ up: count, degraded: count, down: count, unknown: count });

export const WallTile = z.object({
  division: z.string(),
  code: z.string().nullable().describe('two letters of the tile, such as GD'),
  name: z.string(),
  nameEn: z.string().nullable(),
  state: StateName.describe('unknown where nothing is known, never up for want of news'),
  reason: z.enum(TILE_REASONS),
  since: Timestamp.nullable(),
  counts: StateCounts,
  maintenance: z.boolean(),
  availability: z
    .object({
      value: fraction,
      lowest: fraction,
      highest: fraction,
      target: z.number(),
      verdict: z.enum(['met', 'missed', 'undecided']),
      objective: z.string(),
    })
    .nullable()
    .describe('of the objective whose groups by province are shown; null: none, or not computed yet'),
  incidents: z.object({ critical: count, major: count, minor: count, warning: count }),
  worst: IncidentSummary.nullable().describe('the most severe incident under way here, the longest first'),
  link: z
    .object({
      node: z.string(),
      state: z.enum(LINK_STATES),
      since: Timestamp.nullable().describe('of one that is silent: since when its objects are unobserved from here'),
    })
    .nullable()
    .describe('the node that reports of this division; null: none does'),
});
export type WallTile = z.infer<typeof WallTile>;

export const WallFigure = z.object({
  objective: z.string(),
  name: z.string(),
  nameEn: z.string().nullable(),
  class: z.enum(OBJECT_CLASSES).nullable(),
  label: z.string().nullable().describe('of the running period, such as 2026-H2'),
  from: Timestamp,
  to: Timestamp,
  asOf: Timestamp,
  target: z.number(),
  availability: fraction,
  lowest: fraction,
  highest: fraction,
  completeness: fraction,
  verdict: z.enum(['met', 'missed', 'undecided']),
  resolutionMs: integerMs,
  budgetMs: integerMs,
  leftMs: z.number().int(),
  leftFraction: fraction,
  burnRate: fraction,
  exhaustedAt: Timestamp.nullable(),
});
export type WallFigure = z.infer<typeof WallFigure>;

export const WallCircuit = z.object({
  id: z.string(),
  name: z.string(),
  nameEn: z.string().nullable(),
  division: z.string(),
  state: StateName,
  since: Timestamp.nullable(),
  maintenance: z.boolean(),
  traffic: z
    .object({ at: Timestamp, speedBps: fraction, inBps: fraction, outBps: fraction, inUtilisation: fraction, outUtilisation: fraction })
    .nullable()
    .describe('of its first end whose counters are read; null: of none'),
});
export type WallCircuit = z.infer<typeof WallCircuit>;

/** Whether what the node says is what is. */
export const Freshness = z.object({
  status: SelfStatus,
  judgedUpTo: Timestamp.nullable().describe('everything observed before has been judged'),
  newestSampleAt: Timestamp.nullable(),
  findings: z.object({ critical: count, warning: count }),
});
export type Freshness = z.infer<typeof Freshness>;

/** `GET /api/v1/freshness`: the same for a page that shows something else than the wall; numbers alone, so every reader may ask. */
export const NodeFreshness = z.object({ at: Timestamp, freshness: Freshness }).meta({ id: 'NodeFreshness' });
export type NodeFreshness = z.infer<typeof NodeFreshness>;

export const Wall = z
  .object({
    at: Timestamp,
    sequence: z.number().int().describe('live events after this one are not in it yet'),
    division: z.string().describe('what the tiles are the provinces of'),
    tiles: z.array(WallTile),
    figures: z.array(WallFigure).describe('the objectives of the node, those of the three published classes first; see `figuresAt`'),
    figuresAt: Timestamp.nullable().describe('when the figures were computed, which is more seldom than the rest; null: not yet'),
    circuits: z.array(WallCircuit).describe('of the backbone, those in trouble first, then the fullest; the first 200'),
    counts: StateCounts.describe('of all objects of the caller'),
    incidents: z.object({
      bySeverity: z.object(
        Object.fromEntries(SEVERITIES.map((severity) => [severity, count])) as Record<(typeof SEVERITIES)[number], typeof count>,
      ),
      unacknowledged: count,
      first: z.array(IncidentSummary).describe('under way, the most severe first, then the longest; the first 50'),
    }),
    freshness: Freshness,
  })
  .meta({ id: 'Wall' });
export type Wall = z.infer<typeof Wall>;

/** Everything that is known when a node begins to report: told stage by stage, in steps that fit into memory, each of which a restart can go on from. */
import {
  type Building,
  forgetToldIncidents,
  readHistories,
  readMaintenanceTold,
  readReclassificationsTold,
  readStatementIds,
  readSubjectsAfter,
  readVersionsAfter,
  takeObserved,
} from '@beacontower/database';
import { nodeOfObject } from '@beacontower/domain';
import type { Said } from '../protocol/chain.ts';
import { type BuildContext, sayWritten } from './build.ts';
import { incidentHistory } from './incidents.ts';
import { until } from './said-before.ts';

/** What a step says, and where the next one goes on; `after` null: the stage is done. */
export interface Step {
  readonly said: readonly Said[];
  readonly after: unknown;
  readonly inventoryRow: number;
}

/** One step of a stage. */
export type Stage = (context: BuildContext, after: unknown, now: number) => Promise<Step>;

/** In this order: no line speaks of an object that was not told of. Adding a stage is one line here. */
const STAGES: readonly (readonly [name: string, stage: Stage])[] = [
  ['inventory', tellVersions],
  ['histories', tellHistories],
  ['maintenance', tellMaintenance],
  ['reclassifications', tellReclassifications],
  ['incidents', tellIncidentHistory],
];

/** The stage with which everything is told that was there before. */
export const FIRST_STAGE = STAGES[0]?.[0] as string;
/** All of that is told. */
export const LIVE = 'live';

/** Makes the next step; `building` says where that is, and the one returned where the one after it is. */
export async function tellNext(
  context: BuildContext,
  building: Building,
  now: number,
): Promise<{ readonly said: readonly Said[]; readonly inventoryRow: number; readonly building: Building }> {
  const at = STAGES.findIndex(([name]) => name === building.stage);
  const stage = STAGES[at]?.[1];
  if (stage === undefined) throw new RangeError(`"${building.stage}" is no stage of a first synchronisation`);
  const { said, after, inventoryRow } = await stage(context, building.after ?? null, now);
  const next = after === null ? { stage: STAGES[at + 1]?.[0] ?? LIVE, after: null } : { after };
  return { said, inventoryRow, building: { ...building, ...next } };
}

const VERSIONS = 2_000;
const SUBJECTS = 200;
const STATEMENTS = 500;
const NO_ID = '00000000-0000-0000-0000-000000000000';

async function tellVersions({ db, division, inventoryRow }: BuildContext, _after: unknown, now: number): Promise<Step> {
  const { written, last, isWhole } = await readVersionsAfter(db, inventoryRow, division, VERSIONS);
  return { said: written.map((each) => sayWritten(each, now)), after: isWhole ? null : last, inventoryRow: last };
}

interface HistoryPlace {
  /** The last object that is told. */
  readonly object: string;
  /** Of the subjects of the next objects: one that was too much for one step, and from where on it is to be told. */
  readonly part: { readonly subject: string; readonly from: number } | null;
}

async function tellHistories({ db, node, division, inventoryRow }: BuildContext, after: unknown, now: number): Promise<Step> {
  const place = (after ?? { object: '', part: null }) as HistoryPlace;
  const { subjects, last } = await readSubjectsAfter(db, place.object, division, SUBJECTS);
  const { part } = place;
  const first =
    part === null
      ? 0
      : Math.max(
          0,
          subjects.findIndex(({ object, check }) => (check ?? object) === part.subject),
        );
  const stretches = subjects.slice(first).map((subject, index) => ({
    ...subject,
    from: part !== null && index === 0 ? part.from : 0,
    to: null,
  }));
  const read = await readHistories(db, stretches);
  const cut = read.findIndex(({ next }) => next !== null);
  const told = cut < 0 ? read : read.slice(0, cut + 1);
  const judged = await readJudgedUntil(db, node, division);
  const said = told.flatMap(({ revisions }) =>
    revisions.map((each): Said => {
      const payload = until(each, judged(each.object));
      return { kind: 'revision', eventAt: payload.from, recordedAt: now, payload };
    }),
  );
  const stretch = stretches[cut];
  if (stretch === undefined) return { said, after: last === null ? null : { object: last, part: null }, inventoryRow };
  const next = { object: place.object, part: { subject: stretch.check ?? stretch.object, from: read[cut]?.next ?? 0 } };
  return { said, after: next, inventoryRow };
}

// Of a time that was not judged here yet, a history says nothing: after a restoration the node above may know more of it.
async function readJudgedUntil(db: BuildContext['db'], node: string, division: string): Promise<(object: string) => number> {
  const { nodes } = await takeObserved(db, node, division);
  const untils = new Map(nodes.map(({ node: id, until: { pinged, all, composed } }) => [id, Math.min(pinged, all, composed)]));
  return (object) => untils.get(nodeOfObject(object)) ?? 0;
}

async function tellMaintenance({ db, division, inventoryRow }: BuildContext, after: unknown, now: number): Promise<Step> {
  const ids = await readStatementIds(db, 'maintenance', String(after ?? NO_ID), STATEMENTS);
  const told = await readMaintenanceTold(db, ids, division);
  const said = told.map((payload): Said => ({ kind: 'maintenance', eventAt: payload.createdAt, recordedAt: now, payload }));
  return { said, after: ids.length < STATEMENTS ? null : ids.at(-1), inventoryRow };
}

async function tellReclassifications({ db, division, inventoryRow }: BuildContext, after: unknown, now: number): Promise<Step> {
  const ids = await readStatementIds(db, 'reclassifications', String(after ?? NO_ID), STATEMENTS);
  const told = await readReclassificationsTold(db, ids, division);
  const said = told.map((payload): Said => ({ kind: 'reclassification', eventAt: payload.recordedAt, recordedAt: now, payload }));
  return { said, after: ids.length < STATEMENTS ? null : ids.at(-1), inventoryRow };
}

async function tellIncidentHistory(context: BuildContext, after: unknown, now: number): Promise<Step> {
  // What counts as told was told in another log, or to another node above.
  if (after === null) await forgetToldIncidents(context.db);
  const { say, last, isWhole } = await incidentHistory(context.db, context, { after: Number(after ?? 0), limit: STATEMENTS, now });
  return { said: await say(context.db), after: isWhole ? null : last, inventoryRow: context.inventoryRow };
}

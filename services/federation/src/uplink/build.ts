/** From entries of the ordered log to what lines say. */
import type { LogEntry, StateBody, TransitionPayload } from '@beacontower/contracts';
import {
  type Queryable,
  readDivisionsOf,
  readHistories,
  readMaintenanceTold,
  readReclassificationsTold,
  readResolutionsOf,
  readUntoldChecks,
  readVersionsAfter,
  type Stretch,
} from '@beacontower/database';
import { divisionCovers } from '@beacontower/domain';
import type { Said } from '../protocol/chain.ts';
import { sayIncidents } from './incidents.ts';

const VERSIONS = 5_000;

export interface BuildContext {
  /** The transaction in which the lines are made. */
  readonly db: Queryable;
  /** This node, and the division it speaks for above. */
  readonly node: string;
  readonly division: string;
  readonly inventoryRow: number;
}

export interface Built {
  readonly said: readonly Said[];
  readonly inventoryRow: number;
}

/** Says what entries of one kind come to, for those kinds that are read from elsewhere. */
export type Sayer = (entries: readonly LogEntry[], context: BuildContext) => Promise<readonly Said[]>;

/** One line a kind. */
const SAYERS: Partial<Record<LogEntry['kind'], Sayer>> = {
  maintenance: sayMaintenance,
  reclassification: sayReclassifications,
  incident: (entries, context) => sayIncidents(context.db, context, entries),
};

/** What entries say to the node above, in their order; what is not of its concern, or not in the scope, says nothing. */
export async function build(entries: readonly LogEntry[], context: BuildContext): Promise<Built> {
  const said: Said[] = [];
  let { inventoryRow } = context;
  for (const run of runsOf(entries)) {
    const { kind } = run[0] as LogEntry;
    const sayer = SAYERS[kind];
    if (kind === 'inventory') {
      const read = await buildVersions({ ...context, inventoryRow }, run.at(-1)?.recordedAt ?? 0);
      said.push(...read.said);
      inventoryRow = read.inventoryRow;
    } else if (sayer !== undefined) said.push(...(await sayer(run, context)));
    else said.push(...(await sayChanges(run, context)));
  }
  return { said, inventoryRow };
}

// Changes of states and of the past are read together, whatever their order among each other; of all else, those of one kind that follow each other.
function runsOf(entries: readonly LogEntry[]): LogEntry[][] {
  const runs: LogEntry[][] = [];
  for (const entry of entries) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    if (run !== undefined && before !== undefined && (before.kind === entry.kind || (isChange(before) && isChange(entry)))) run.push(entry);
    else runs.push([entry]);
  }
  return runs;
}

type Change = Extract<LogEntry, { kind: 'state' | 'check' | 'revised' }>;
const isChange = (entry: LogEntry): entry is Change => entry.kind === 'state' || entry.kind === 'check' || entry.kind === 'revised';

async function sayChanges(run: readonly LogEntry[], { db, division }: BuildContext): Promise<Said[]> {
  const all = run.filter(isChange);
  const divisions = await readDivisionsOf(db, [...new Set(all.map(({ body }) => body.object))]);
  const entries = all.filter(({ body }) => divisions.has(body.object) && divisionCovers(division, divisions.get(body.object) as string));
  const changes = entries.flatMap((entry) => (entry.kind === 'revised' ? [] : [entry.body]));
  const resolutions = await readResolutionsOf(
    db,
    changes.map(({ transition }) => transition),
  );
  const checks = await readUntoldChecks(
    db,
    entries.flatMap((entry) => (entry.kind === 'state' && entry.body.check === null ? [entry.body] : [])),
  );
  const said: Said[] = [];
  for (const { kind, eventAt, recordedAt, body } of entries) {
    if (kind === 'revised') continue;
    said.push({ kind: 'transition', eventAt, recordedAt, payload: transitionOf(body, resolutions.get(body.transition) ?? 0) });
  }
  const recordedAt = all.at(-1)?.recordedAt ?? 0;
  said.push(...checks.map((payload): Said => ({ kind: 'transition', eventAt: payload.at, recordedAt, payload })));
  said.push(...(await sayRevisions(entries, db)));
  return said;
}

function transitionOf(
  { object, check, from, to, at, earliest, latest, reason, decidedAt }: StateBody,
  resolutionMs: number,
): TransitionPayload {
  return { object, check, resolutionMs, from, to, at, earliest, latest, reason, decidedAt };
}

// What was revised several times is said once, as it is now; that comes after the changes, whose later fate it may tell.
async function sayRevisions(entries: readonly Change[], db: Queryable): Promise<Said[]> {
  const spans = new Map<string, Stretch>();
  for (const entry of entries) {
    if (entry.kind !== 'revised' || entry.body.superseded + entry.body.written === 0) continue;
    const { object, from, to } = entry.body;
    const known = spans.get(object);
    const end = known === undefined ? to : known.to === null || to === null ? null : Math.max(known.to, to);
    spans.set(object, { object, check: null, from: Math.min(from, known?.from ?? from), to: end });
  }
  return sayStretches(db, [...spans.values()], entries.at(-1)?.recordedAt ?? 0);
}

/** All that is known of stretches of the past, however long they are. */
export async function sayStretches(db: Queryable, stretches: readonly Stretch[], recordedAt: number): Promise<Said[]> {
  const said: Said[] = [];
  let left = stretches;
  while (left.length > 0) {
    const read = await readHistories(db, left);
    for (const { revisions } of read)
      said.push(
        ...revisions.map((payload): Said => ({ kind: 'revision', eventAt: Math.min(payload.from, recordedAt), recordedAt, payload })),
      );
    left = left.flatMap((stretch, index) => {
      const next = read[index]?.next ?? null;
      return next === null ? [] : [{ ...stretch, from: next }];
    });
  }
  return said;
}

/** Every party, and every version of an object in the scope, that is not said yet. */
export async function buildVersions({ db, division, inventoryRow }: BuildContext, recordedAt: number): Promise<Built> {
  const said: Said[] = [];
  let row = inventoryRow;
  for (;;) {
    const { written, last, isWhole } = await readVersionsAfter(db, row, division, VERSIONS);
    said.push(...written.map((each) => sayWritten(each, recordedAt)));
    row = last;
    if (isWhole) return { said, inventoryRow: row };
  }
}

/** What was written into the inventory, as a line says it. */
export function sayWritten(written: Awaited<ReturnType<typeof readVersionsAfter>>['written'][number], recordedAt: number): Said {
  if (written.kind === 'party') return { ...written, eventAt: recordedAt, recordedAt };
  const { validFrom, validTo } = written.payload;
  return { ...written, eventAt: validTo ?? validFrom, recordedAt };
}

async function sayMaintenance(entries: readonly LogEntry[], { db, division }: BuildContext): Promise<Said[]> {
  const ids = [...new Set(entries.map(({ subject }) => subject))];
  const recordedAt = entries.at(-1)?.recordedAt ?? 0;
  const told = await readMaintenanceTold(db, ids, division);
  return told.map((payload): Said => ({ kind: 'maintenance', eventAt: recordedAt, recordedAt, payload }));
}

async function sayReclassifications(entries: readonly LogEntry[], { db, division }: BuildContext): Promise<Said[]> {
  const ids = [...new Set(entries.map(({ subject }) => subject))];
  const recordedAt = entries.at(-1)?.recordedAt ?? 0;
  const told = await readReclassificationsTold(db, ids, division);
  return told.map((payload): Said => ({ kind: 'reclassification', eventAt: recordedAt, recordedAt, payload }));
}

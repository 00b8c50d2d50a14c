import { randomUUID } from 'node:crypto';
import { readNodeIdentity } from '../inventory/index.ts';
import type { Database, Transaction } from '../pool.ts';
import {
  auditImport,
  type DoneImport,
  findImport,
  type ImportSource,
  insertImport,
  lockImports,
  noteResolution,
  RolledBack,
} from './imports.ts';
import { checkOutages, type ImportFaults } from './outage-checks.ts';
import { type ClassSummary, summarise } from './outage-summary.ts';
import { deriveChanges, tellOfSpans, writeIncidents, writePlannedWork, writeTransitions } from './outage-writes.ts';
import { createStaging, finishStaging, type StagedOutage, type StretchSettings, stageOutages } from './staging.ts';

/** How a CSV of outages is taken in. */
export interface OutageImport extends StretchSettings {
  /** The shortest outage that the record is sure to hold, ms; 0: every one. */
  readonly resolutionMs: number;
  /** Title of planned work whose line has no note. */
  readonly plannedTitle: string;
  /** True does everything and takes it back. */
  readonly dryRun: boolean;
  /** Faults of each kind that are told. */
  readonly faultLimit: number;
}

/** What an import did, or (`dryRun`) would do. */
export interface OutagesImported {
  readonly outcome: 'imported' | 'dry-run';
  /** Null for a dry run. */
  readonly id: string | null;
  readonly rows: number;
  readonly objects: number;
  readonly transitions: number;
  readonly incidents: number;
  readonly plannedWork: number;
  readonly classes: readonly ClassSummary[];
}

export type OutagesResult =
  | OutagesImported
  | { readonly outcome: 'faults'; readonly faults: ImportFaults }
  | { readonly outcome: 'known'; readonly done: DoneImport }
  | { readonly outcome: 'no-node' };

/**
 * Takes in a CSV of outages: whole or not at all, in one transaction. `chunks` are its lines; `isSound` is asked when all have been
 * read, whether the reader found no fault of its own: when it did, the lines are held against the record all the same (all faults at
 * once), and nothing is written.
 */
export async function importOutages(
  db: Database,
  chunks: AsyncIterable<readonly StagedOutage[]>,
  settings: OutageImport,
  source: ImportSource,
  isSound: () => boolean,
): Promise<OutagesResult> {
  try {
    return await db.transaction(async (tx) => {
      const result = await work(tx, chunks, settings, source, isSound);
      if (result.outcome !== 'imported') throw new RolledBack<OutagesResult>(result);
      return result;
    });
  } catch (error) {
    if (error instanceof RolledBack) return error.outcome as OutagesResult;
    throw error;
  }
}

async function work(
  tx: Transaction,
  chunks: AsyncIterable<readonly StagedOutage[]>,
  settings: OutageImport,
  source: ImportSource,
  isSound: () => boolean,
): Promise<OutagesResult> {
  await lockImports(tx);
  const identity = await readNodeIdentity(tx);
  if (identity === null) return { outcome: 'no-node' };
  const done = await findImport(tx, 'outages', source.sha256);
  if (done !== null) return { outcome: 'known', done };
  await tx.query("SET LOCAL work_mem = '128MB'");
  await createStaging(tx);
  let rows = 0;
  for await (const chunk of chunks) {
    rows += chunk.length;
    await stageOutages(tx, chunk, identity.node, settings.edgeMs);
  }
  await finishStaging(tx, settings);
  const faults = await checkOutages(tx, source.now, settings.faultLimit);
  if (faults.count > 0 || !isSound()) return { outcome: 'faults', faults };
  return write(tx, rows, settings, source);
}

async function write(tx: Transaction, rows: number, settings: OutageImport, source: ImportSource): Promise<OutagesImported> {
  const id = randomUUID();
  await insertImport(tx, id, source, rows);
  await deriveChanges(tx);
  const transitions = await writeTransitions(tx, id, settings.resolutionMs, source.now);
  await noteResolution(tx, id, settings.resolutionMs);
  const incidents = await writeIncidents(tx, id, source);
  const plannedWork = await writePlannedWork(tx, source, settings.plannedTitle);
  const classes = await summarise(tx);
  const objects = classes.reduce((sum, each) => sum + each.objects, 0);
  const counts = { rows, objects, transitions, incidents, plannedWork };
  if (settings.dryRun) return { outcome: 'dry-run', id: null, ...counts, classes };
  await tellOfSpans(tx, source.now);
  const { stretch, covers, edgeMs, resolutionMs } = settings;
  await auditImport(tx, id, source, { ...counts, stretch, covers, edgeMs, resolutionMs });
  return { outcome: 'imported', id, ...counts, classes };
}

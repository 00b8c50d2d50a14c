/**
 * The ordered log: what every reader after the pipeline sees, in one order. A row is written (without a sequence) in the
 * transaction of what it tells; the single dispatcher assigns the sequence after that commit; readers go by sequence only.
 * `pg_notify('beacontower_log')` is sent at commit (by the writer) and `pg_notify('beacontower_sequence', <last>)` by the dispatcher.
 */
import { REASONS, STATES } from '@beacontower/domain';
import { z } from 'zod';
import { INCIDENT_KINDS } from './words.ts';

const epochMs = z.number().int().nonnegative();
const state = z.enum(STATES);

/** A transition of an object (kind `state`) or of one check (kind `check`). */
export const StateBody = z.object({
  transition: z.number().int(),
  object: z.string(),
  check: z.string().nullable(),
  from: state,
  to: state,
  at: epochMs,
  earliest: epochMs,
  latest: epochMs,
  reason: z.enum(REASONS),
  decidedAt: epochMs,
});
export type StateBody = z.infer<typeof StateBody>;

/** Answer to a look request (kind `looked`): the object's state by an observation at `observedAt`, changed or not. */
export const LookedBody = z.object({ object: z.string(), state, observedAt: epochMs, after: epochMs });
export type LookedBody = z.infer<typeof LookedBody>;

/** An incident changed (kind `incident`). `change` names what happened. */
export const IncidentBody = z.object({
  incident: z.string(),
  number: z.number().int(),
  change: z.enum([
    'opened',
    'escalated',
    'joined',
    'left',
    'acknowledged',
    'assigned',
    'accepted',
    /** By the one it was offered to, or taken back by the owner: who has it keeps it. */
    'declined',
    'commented',
    'resolved',
    'closed',
    'reopened',
    /** Into another; `other` says which. */
    'merged',
    'unmerged',
    /** A person asks that `objects` become an incident each of their own: the correlator does it. */
    'split-asked',
    'split',
    'captured',
    /** Another tier told of it, or said more of it: nobody here was asked for anything by that. */
    'told',
    /** Another tier asked this one to act on it. */
    'taken',
    /** This tier asked the one above, or gave it to a node below; `other`, which of them. */
    'asked-above',
    'handed-down',
    'hand-over-accepted',
    'hand-over-declined',
    'hand-over-withdrawn',
  ]),
  state: z.enum(['open', 'acknowledged', 'resolved', 'closed']),
  severity: z.enum(['critical', 'major', 'minor', 'warning']),
  cause: z.string(),
  object: z.string().nullable(),
  /** With `joined` and `left`: how many objects; `object` is named only when it is one. */
  count: z.number().int().positive().optional(),
  /** What it is about; absent: an outage, or an early warning by its cause. */
  kind: z.enum(INCIDENT_KINDS).optional(),
  /** With `split-asked`: the objects. */
  objects: z.array(z.string()).optional(),
  /**
   * With `merged`, `unmerged`: the other incident; with `split`: the one it came from; with what passes between tiers: the other node. With
   * `told` only where nothing but words of that node and those beyond it came.
   */
  other: z.string().optional(),
});
export type IncidentBody = z.infer<typeof IncidentBody>;

/** A delivery changed (kind `delivery`). */
export const DeliveryBody = z.object({
  delivery: z.string(),
  /** Null: of a message about several. */ incident: z.string().nullable(),
  state: z.string(),
  attempt: z.number().int(),
});
export type DeliveryBody = z.infer<typeof DeliveryBody>;

/** The inventory changed (kind `inventory`): how many entities of each sort, and the new version. */
export const InventoryBody = z.object({
  version: z.number().int(),
  added: z.number().int(),
  changed: z.number().int(),
  retired: z.number().int(),
});
export type InventoryBody = z.infer<typeof InventoryBody>;

/** What happened to an interface of a device. `returned`: it had vanished, and the device has it again. */
export const INTERFACE_CHANGES = ['appeared', 'renamed', 'vanished', 'returned', 'retired'] as const;

/**
 * The discovery saw an interface come, go or change its name (kind `interface`). `name` is what the device calls it now (or called it
 * last), `before` what it was called before a renaming.
 */
export const InterfaceBody = z.object({
  device: z.string(),
  object: z.string(),
  change: z.enum(INTERFACE_CHANGES),
  name: z.string(),
  before: z.string().nullable(),
});
export type InterfaceBody = z.infer<typeof InterfaceBody>;

/** A period of an objective was closed, or a further version of it was made (kind `figure`). */
export const FigureBody = z.object({
  figure: z.string(),
  division: z.string(),
  objective: z.string(),
  from: epochMs,
  to: epochMs,
  version: z.number().int().positive(),
  change: z.enum(['closed', 'revised']),
});
export type FigureBody = z.infer<typeof FigureBody>;

/** A report came on (kind `report`). */
export const ReportBody = z.object({
  report: z.string(),
  division: z.string(),
  state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
  progress: z.number().int().min(0).max(100),
});
export type ReportBody = z.infer<typeof ReportBody>;

/**
 * What is known of an object's past is another now (kind `revised`): transitions were superseded or written whose edges lie in
 * `[from, to)`, `to` null without an end. Whatever is said of that time is to be computed anew; of its present state tell the
 * entries of kind `state`, and `shown`: what a node below says of this moment while its log is still behind.
 */
export const RevisedBody = z.object({
  object: z.string(),
  from: epochMs,
  to: epochMs.nullable(),
  superseded: z.number().int(),
  written: z.number().int(),
  shown: z.object({ from: state, to: state, reason: z.enum(REASONS) }).optional(),
});
export type RevisedBody = z.infer<typeof RevisedBody>;

/**
 * Planned work (kind `maintenance`) or a restatement of the past (kind `reclassification`) was written, or marked anew. What it says is read
 * from its row: it is for the node above, and no news to clients.
 */
export const StatementBody = z.object({ id: z.uuid() });
export type StatementBody = z.infer<typeof StatementBody>;

/** What became of the link to a node below (kind `node`); `refused`: what it sends is not taken. */
export const NODE_CHANGES = ['heard', 'silent', 'catching-up', 'caught-up', 'refused', 'enrolled', 'removed'] as const;
export const NodeChangeBody = z.object({ node: z.string(), division: z.string(), change: z.enum(NODE_CHANGES) });
export type NodeChangeBody = z.infer<typeof NodeChangeBody>;

const row = { sequence: z.number().int(), subject: z.string(), eventAt: epochMs, recordedAt: epochMs };

/** One entry of the ordered log as its readers receive it. */
export const LogEntry = z.discriminatedUnion('kind', [
  z.object({ ...row, kind: z.literal('state'), body: StateBody }),
  z.object({ ...row, kind: z.literal('check'), body: StateBody }),
  z.object({ ...row, kind: z.literal('revised'), body: RevisedBody }),
  z.object({ ...row, kind: z.literal('looked'), body: LookedBody }),
  z.object({ ...row, kind: z.literal('incident'), body: IncidentBody }),
  z.object({ ...row, kind: z.literal('delivery'), body: DeliveryBody }),
  z.object({ ...row, kind: z.literal('inventory'), body: InventoryBody }),
  z.object({ ...row, kind: z.literal('interface'), body: InterfaceBody }),
  z.object({ ...row, kind: z.literal('figure'), body: FigureBody }),
  z.object({ ...row, kind: z.literal('report'), body: ReportBody }),
  z.object({ ...row, kind: z.literal('maintenance'), body: StatementBody }),
  z.object({ ...row, kind: z.literal('reclassification'), body: StatementBody }),
  z.object({ ...row, kind: z.literal('node'), body: NodeChangeBody }),
]);
export type LogEntry = z.infer<typeof LogEntry>;
export type LogKind = LogEntry['kind'];

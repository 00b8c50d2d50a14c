/** What comes from the node above: each item is done, or laid before a person, in the transaction that notes that it has come. */
import {
  CalendarBody,
  type DownwardItem,
  HandOverItem,
  type HandOverStanding,
  IncidentPayload,
  ObjectiveBody,
  type Receipt,
} from '@beacontower/contracts';
import { divisionCovers } from '@beacontower/domain';
import { readInventoryVersion } from '../inventory/read.ts';
import { type FreshEntity, finishChange, lockInventory, writeVersions } from '../inventory/write.ts';
import type { Queryable, Transaction } from '../pool.ts';
import { applyHandOver } from './apply-hand-over.ts';
import { applyStanding } from './apply-standing.ts';
import { applyToldIncidents } from './incidents.ts';
import { ForeignIncident } from './incidents-teller.ts';

/** Who this node is, and from whom the items come. */
export interface ItemContext {
  readonly own: string;
  readonly division: string;
  /** Id of the node above. */
  readonly parent: string;
  readonly now: number;
}

/** Does an item, in the caller's transaction. Returns its receipt; null: a person has to decide first, or it is done later. */
export async function applyDownwardItem(tx: Transaction, item: DownwardItem, context: ItemContext): Promise<Receipt | null> {
  switch (item.kind) {
    case 'hand-over':
      return takeHandOver(tx, item.number, item.payload, context);
    case 'incident':
      return takeIncident(tx, item.number, item.payload, context);
    case 'objective':
    case 'calendar':
      return takeEntity(tx, item, context);
    case 'digests':
      return takeDigests(item, context);
    default:
      return refused((item as DownwardItem).number, 'kind-unknown', 'this node does not know what to do with it', context);
  }
}

const receipt = (number: number, outcome: Receipt['outcome'], { now }: ItemContext): Receipt => {
  return { number, outcome, code: null, detail: null, by: null, at: now };
};

/** The receipt that says why nothing of an item was done. */
export function refused(number: number, code: string, detail: string, context: ItemContext): Receipt {
  return { ...receipt(number, 'refused', context), code, detail };
}

const DAY_MS = 86_400_000;
/** As many days as one query for digests may name. */
const MOST_DAYS = 31;

// Whoever compares records reads it from the items that have no receipt yet.
function takeDigests({ number, payload: { from, to } }: Extract<DownwardItem, { kind: 'digests' }>, context: ItemContext): Receipt | null {
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  return days >= 1 && days <= MOST_DAYS
    ? null
    : refused(number, 'message-invalid', `from and to: 1 to ${MOST_DAYS} days, the earlier one first`, context);
}

async function takeHandOver(tx: Transaction, number: number, body: unknown, context: ItemContext): Promise<Receipt | null> {
  const item = HandOverItem.safeParse(body).data;
  const payload = IncidentPayload.safeParse(item?.incident).data;
  if (item === undefined || payload === undefined) return refused(number, 'message-invalid', 'it is no hand-over of an incident', context);
  if (!divisionCovers(context.division, payload.incident.division))
    return refused(number, 'out-of-scope', `${payload.incident.division} lies outside ${context.division}`, context);
  return guarded(number, context, () => applyHandOver(tx, { ...item, number, payload }, context));
}

// Of one that is not here nothing can be said: a back-up was restored, or it never was.
async function takeIncident(
  tx: Transaction,
  number: number,
  { incident, handOver }: { readonly incident?: unknown; readonly handOver?: HandOverStanding | null | undefined },
  context: ItemContext,
): Promise<Receipt | null> {
  const payload = IncidentPayload.safeParse(incident).data;
  if (payload === undefined) return refused(number, 'message-invalid', 'it is no incident', context);
  const { id } = payload.incident;
  const { rows } = await tx.query('SELECT 1 FROM incidents WHERE id = $1::uuid', [id]);
  if (rows.length === 0) return refused(number, 'incident-unknown', 'there is no such incident here', context);
  return guarded(number, context, async () => {
    const { own, parent: from, now } = context;
    await applyToldIncidents(tx, [payload], { own, from, nodes: null, now });
    if (handOver !== undefined) await applyStanding(tx, id, handOver, context);
    return receipt(number, 'applied', context);
  });
}

async function guarded(number: number, context: ItemContext, work: () => Promise<Receipt | null>): Promise<Receipt | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ForeignIncident) return refused(number, 'out-of-scope', error.message, context);
    throw error;
  }
}

type EntityItem = Extract<DownwardItem, { kind: 'objective' | 'calendar' }>;

/** An objective, or a calendar, that holds for the whole country lies in the inventory under the origin `federation`. */
async function takeEntity(tx: Transaction, { number, kind, payload: { id, body } }: EntityItem, context: ItemContext): Promise<Receipt> {
  const parsed = body === null ? null : (kind === 'objective' ? ObjectiveBody : CalendarBody).safeParse(body);
  if (parsed !== null && (!parsed.success || parsed.data.id !== id)) return refused(number, 'message-invalid', `it is no ${kind}`, context);
  const at = await lockInventory(tx, context.now);
  const { rows } = await tx.query<{ origin: string }>(
    'SELECT origin FROM inventory WHERE entity = $1 AND id = $2 AND valid_to IS NULL AND superseded_at IS NULL',
    [kind, id],
  );
  const held = rows[0]?.origin;
  if (held !== undefined && held !== 'federation')
    return refused(
      number,
      'id-taken',
      `this node has ${kind === 'objective' ? 'an objective' : 'a calendar'} "${id}" of its own: give it another id there`,
      context,
    );
  const missing = parsed === null ? null : await missingFor(tx, parsed.data);
  if (missing !== null) return refused(number, 'calendar-unknown', `there is no calendar "${missing}" here`, context);
  const entity = { entity: kind, id };
  const fresh = parsed === null ? [] : [{ ...entity, body: parsed.data } as FreshEntity];
  const changes = {
    added: held === undefined ? fresh : [],
    changed: held === undefined ? [] : fresh,
    retired: parsed === null && held !== undefined ? [entity] : [],
    origin: 'federation' as const,
  };
  if (changes.added.length + changes.changed.length + changes.retired.length > 0) {
    const options = { now: at, by: `federation:${context.parent}` };
    const counts = await writeVersions(tx, changes, options);
    await finishChange(tx, { action: 'inventory.apply', version: (await readInventoryVersion(tx)) + 1, counts }, options);
  }
  return receipt(number, 'applied', context);
}

async function missingFor(tx: Queryable, body: ObjectiveBody | CalendarBody): Promise<string | null> {
  if (!('calendar' in body) || body.calendar === 'always') return null;
  const { rows } = await tx.query(
    `SELECT 1 FROM inventory WHERE entity = 'calendar' AND id = $1 AND valid_to IS NULL AND superseded_at IS NULL`,
    [body.calendar],
  );
  return rows.length === 0 ? body.calendar : null;
}

import type { CauseCategory } from '@beacontower/contracts';
import { supersedeHandOver } from '../../federation/downward.ts';
import type { Database, Queryable } from '../../pool.ts';
import { WorkflowFault } from './fault.ts';
import { withdrawn } from './hand-down.ts';
import { type Act, type ActedOn, type Change, perform } from './perform.ts';
import { isUnderWay, refuseClosed, refuseForeign, refuseMerged, refuseOffered, refuseUntaken, withNote } from './rules.ts';

/** What is said when an incident is closed. An undefined word leaves what was said before; party null: no other than the cause's own. */
export interface ClosingWords {
  readonly causeCategory?: CauseCategory | undefined;
  readonly chargedParty?: string | null | undefined;
  readonly note?: string | undefined;
}

/**
 * Ends the work on a resolved incident, and on those merged into it, saying what caused it and to whom it is charged: figures are
 * attributed by that. An outage is not closed without a category.
 */
export function closeIncident(db: Database, act: Act, words: ClosingWords): Promise<number> {
  return perform(db, act, 'incident.close', async (incident, { tx, merged }) => {
    refuseUntaken(incident);
    refuseOffered(incident);
    refuseClosed(incident);
    refuseMerged(incident);
    if (words.causeCategory !== undefined || words.chargedParty !== undefined) {
      refuseForeign(incident, 'what caused it, and whom it is charged to, is said there; close it here without');
    }
    if (incident.state !== 'resolved') {
      throw new WorkflowFault('not-resolved', 'the outage still goes on: only a resolved incident can be closed');
    }
    const lasting = merged.find(isUnderWay);
    if (lasting) {
      throw new WorkflowFault('merged-under-way', `#${lasting.number}, which was merged into it, still goes on: wait, or unmerge it`);
    }
    if (incident.home === null && incident.kind === 'outage' && incident.causeCategory === null && words.causeCategory === undefined) {
      throw new WorkflowFault('category-needed', 'say what caused the outage: causeCategory');
    }
    await refuseUnknownParty(tx, words.chargedParty);
    const also = merged.flatMap((one) => (one.state === 'closed' ? [] : [{ incident: one, change: closing(act, words, one, incident) }]));
    const { set, ...rest } = closing(act, words, incident);
    return { ...rest, set: { ...set, ...(await takingBack(tx, act, incident)) }, also };
  });
}

// What is merged is closed by the words of the one it was merged into, also by those said there before. Of what was opened elsewhere the
// cause and the party stay those of its home.
function closing(act: Act, { causeCategory, chargedParty, note }: ClosingWords, incident: ActedOn, other?: ActedOn): Change {
  const isOurs = incident.home === null;
  const category = isOurs ? (causeCategory ?? other?.causeCategory ?? undefined) : undefined;
  const party = !isOurs ? undefined : chargedParty === undefined ? (other?.chargedParty ?? undefined) : chargedParty;
  const words = {
    ...(category === undefined ? {} : { cause_category: category }),
    ...(party === undefined ? {} : { charged_party: party }),
  };
  const said = { causeCategory: category, chargedParty: party, ...withNote(note) };
  const detail = other === undefined ? said : { ...said, with: other.number };
  return { change: 'closed', set: { state: 'closed', closed_at: act.now, pending_owner: null, ...words }, detail };
}

// An offer that nobody has answered is of no use any more: nobody below is to be asked for what is closed here.
async function takingBack(tx: Queryable, act: Act, { handed }: ActedOn): Promise<Pick<Change['set'], 'handed'>> {
  if (handed.down?.state !== 'offered') return {};
  await supersedeHandOver(tx, handed.down, act.now);
  return { handed: { ...handed, down: withdrawn(handed.down, act, null) } };
}

async function refuseUnknownParty(tx: Queryable, party: string | null | undefined): Promise<void> {
  if (party === undefined || party === null) return;
  // One that was taken out of the configuration may still be to blame.
  const found = await tx.query(`SELECT 1 FROM inventory WHERE entity = 'party' AND id = $1 LIMIT 1`, [party]);
  if (found.rows.length === 0) throw new WorkflowFault('party-unknown', `there is no party "${party}": name one of the configuration`);
}

/** Takes a closed incident up again, with those merged into it: it is resolved as before, and there is work to do on it. */
export function reopenIncident(db: Database, act: Act, note: string): Promise<number> {
  return perform(db, act, 'incident.reopen', (incident, { merged }) => {
    refuseUntaken(incident);
    if (incident.state !== 'closed') throw new WorkflowFault('not-closed', 'only a closed incident can be reopened');
    refuseMerged(incident);
    const also = merged
      .filter((one) => one.state === 'closed')
      .map((one) => ({ incident: one, change: reopening({ with: incident.number, ...withNote(note) }) }));
    return { ...reopening(withNote(note)), also };
  });
}

function reopening(detail: Change['detail']): Change {
  return { change: 'reopened', set: { state: 'resolved', closed_at: null }, detail };
}

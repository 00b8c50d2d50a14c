/** What can be done with an incident by the one who looks. The API decides; this only spares presses that would be refused. */
import type { IncidentDetail, IncidentSummary } from '@beacontower/contracts';

export const ACTS = [
  'accept-hand-over',
  'accept',
  'acknowledge',
  'close',
  'reopen',
  'unmerge',
  'assign',
  'decline',
  'comment',
  'merge',
  'split',
  'resolve',
  'escalate',
  'hand-down',
  'decline-hand-over',
  'withdraw-hand-down',
] as const;
export type ActName = (typeof ACTS)[number];

/** A comment takes nothing from anybody; every other act is refused when somebody was faster. */
export const needsRevision = (act: ActName): boolean => act !== 'comment';

type ActedOn = Pick<
  IncidentSummary,
  'state' | 'kind' | 'owner' | 'pendingOwner' | 'mergedInto' | 'affected' | 'home' | 'taken' | 'offeredFrom' | 'mayAsk'
> &
  // In a list nobody knows whether what was handed down waits still.
  Partial<Pick<IncidentDetail, 'handedDown'>>;

/** The acts that make sense now, in the order in which they are shown. `me`: every name of the one who looks. */
export function actsFor(incident: ActedOn, me: ReadonlySet<string>): ActName[] {
  // What this tier is only told of is worked on where it was opened.
  if (!incident.taken) return ['comment'];
  const { state, kind, owner, pendingOwner, mergedInto, affected, home, offeredFrom, mayAsk, handedDown } = incident;
  const isOurs = home === null;
  const underWay = state === 'open' || state === 'acknowledged';
  const alone = mergedInto === null;
  // What the tier above offers waits for an answer first; on what is our own work goes on meanwhile.
  const free = isOurs || offeredFrom === null;
  const offeredToMe = pendingOwner !== null && me.has(pendingOwner);
  const offeredByMe = pendingOwner !== null && owner !== null && me.has(owner);
  const can: Readonly<Record<ActName, boolean>> = {
    'accept-hand-over': offeredFrom !== null && state !== 'closed',
    'decline-hand-over': offeredFrom !== null,
    // What the tier above offers it is not asked for in return.
    escalate: offeredFrom === null && alone && underWay && mayAsk.above,
    'hand-down': alone && state !== 'closed' && mayAsk.below.length > 0,
    'withdraw-hand-down': handedDown?.state === 'offered' && state !== 'closed',
    acknowledge: free && alone && (state === 'open' || (underWay && owner === null)),
    accept: alone && state !== 'closed' && offeredToMe,
    decline: state !== 'closed' && (offeredToMe || offeredByMe),
    assign: free && alone && state !== 'closed',
    comment: true,
    merge: alone && state !== 'closed',
    unmerge: !alone && state !== 'closed',
    split: isOurs && alone && kind === 'outage' && underWay && affected > 1,
    resolve: isOurs && underWay && kind === 'outage',
    close: free && alone && state === 'resolved',
    reopen: alone && state === 'closed',
  };
  return ACTS.filter((act) => can[act]);
}

/** What the key "hand over" means now: take or refuse what one is offered, take back what one offered, else offer it. */
export function handOver(incident: ActedOn, me: ReadonlySet<string>): 'answer' | 'take-back' | 'assign' | null {
  const can = actsFor(incident, me);
  if (can.includes('accept')) return 'answer';
  if (can.includes('decline')) return 'take-back';
  return can.includes('assign') ? 'assign' : null;
}

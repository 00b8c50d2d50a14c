import type { ObjectiveBody } from '@beacontower/contracts';
import type { FigureMember } from '@beacontower/database';
import { availabilityOf, verdictOf } from '@beacontower/domain';
import type { Listing, Named, ReportFigure, UnknownObject, WorstObject } from '../model/model.ts';
import type { NameBook } from './names.ts';
import type { OutageSums } from './outages.ts';
import { Top } from './top.ts';

const MOST_OBJECTS = 20;

/** The objects with the lowest availability by the basis of the objective; those at 100% are none of them. */
export async function describeWorst(
  names: NameBook,
  objective: Pick<ObjectiveBody, 'basis' | 'target'>,
  members: readonly FigureMember[],
  outages: Pick<OutageSums, 'objects'>,
): Promise<Listing<WorstObject>> {
  const { basis, target } = objective;
  const top = new Top<FigureMember & { readonly availability: number }>(
    MOST_OBJECTS,
    (a, b) => a.availability - b.availability || b[basis].downMs - a[basis].downMs || (a.member.id < b.member.id ? -1 : 1),
  );
  let total = 0;
  for (const member of members) {
    const { availability } = availabilityOf(member[basis]);
    if (availability === null || availability === 1) continue;
    total += 1;
    top.add({ ...member, availability });
  }
  const worst = top.items();
  const divisionOf = await names.of(
    'division',
    worst.map(({ member }) => member.division),
  );
  const partyOf = await names.of(
    'party',
    worst.flatMap(({ member }) => member.party ?? []),
  );
  const items = worst.map(({ member, ...accounts }) => ({
    object: ownName(member),
    division: divisionOf(member.division),
    party: member.party === null ? null : partyOf(member.party),
    figure: figureOf(accounts[basis], target, member.resolutionMs),
    outages: outages.objects.get(member.id)?.outages ?? 0,
    longestMs: outages.objects.get(member.id)?.downMs ?? 0,
  }));
  return { items, total };
}

/** The objects that nobody looked at for the longest. */
export async function describeUnknown(names: NameBook, members: readonly FigureMember[]): Promise<Listing<UnknownObject>> {
  const top = new Top<FigureMember>(
    MOST_OBJECTS,
    (a, b) => b.experienced.unknownMs - a.experienced.unknownMs || (a.member.id < b.member.id ? -1 : 1),
  );
  let total = 0;
  for (const member of members) {
    if (member.experienced.unknownMs === 0) continue;
    total += 1;
    top.add(member);
  }
  const longest = top.items();
  const divisionOf = await names.of(
    'division',
    longest.map(({ member }) => member.division),
  );
  const items = longest.map(({ member, experienced }) => ({
    object: ownName(member),
    division: divisionOf(member.division),
    unknownMs: experienced.unknownMs,
    completeness: availabilityOf(experienced).completeness,
  }));
  return { items, total };
}

function ownName({ id, name }: FigureMember['member']): Named {
  return { id, name: { zh: name, en: name } };
}

function figureOf(account: FigureMember['experienced'], target: number, resolutionMs: number): ReportFigure {
  const fractions = availabilityOf(account);
  const { upMs, downMs, unknownMs, excludedMs, degradedMs } = account;
  const unobserved = fractions.availability === null ? 1 : 0;
  return {
    ...fractions,
    verdict: verdictOf(target, fractions),
    members: 1,
    unobserved,
    resolutionMs,
    upMs,
    downMs,
    unknownMs,
    excludedMs,
    degradedMs,
  };
}

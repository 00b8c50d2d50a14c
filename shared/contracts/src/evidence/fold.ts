import { type AggregateResult, addMember, EMPTY_PARTIAL, finishPartial, type Partial, verdictOf } from '@beacontower/domain';
import type { ObjectiveBody } from '../entities.ts';
import type { MemberLine } from './lines.ts';
import type { FigureNumbers } from './numbers.ts';
import type { MemberAccounts } from './recompute.ts';

interface Sum {
  members: number;
  resolutionMs: number;
  experienced: Partial;
  responsible: Partial;
}

/**
 * The figures of members that are added one after another, in the order of their ids: sums of fractions depend on it in their last
 * digit. Members that were never in commission in the period are none.
 */
export class FigureFold {
  readonly #objective: Pick<ObjectiveBody, 'aggregate' | 'target' | 'basis'>;
  readonly #whole = emptySum();
  readonly #divisions = new Map<string | null, Sum>();
  readonly #parties = new Map<string | null, Sum>();

  constructor(objective: Pick<ObjectiveBody, 'aggregate' | 'target' | 'basis'>) {
    this.#objective = objective;
  }

  add(member: Pick<MemberLine, 'division' | 'party' | 'weight' | 'resolutionMs'>, accounts: MemberAccounts): void {
    for (const sum of [this.#whole, sumOf(this.#divisions, member.division), sumOf(this.#parties, member.party)]) {
      sum.members++;
      sum.resolutionMs = Math.max(sum.resolutionMs, member.resolutionMs);
      sum.experienced = addMember(sum.experienced, accounts.experienced, member.weight);
      sum.responsible = addMember(sum.responsible, accounts.responsible, member.weight);
    }
  }

  /** The whole, then divisions, then parties, each by key; no party comes first. */
  figures(): FigureNumbers[] {
    const sorted = (sums: ReadonlyMap<string | null, Sum>) => [...sums].sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1));
    return [
      this.#finish('whole', null, this.#whole),
      ...sorted(this.#divisions).map(([key, sum]) => this.#finish('division', key, sum)),
      ...sorted(this.#parties).map(([key, sum]) => this.#finish('party', key, sum)),
    ];
  }

  #finish(group: FigureNumbers['group'], key: string | null, sum: Sum): FigureNumbers {
    const { aggregate, target, basis } = this.#objective;
    const both = { experienced: finishPartial(aggregate, sum.experienced), responsible: finishPartial(aggregate, sum.responsible) };
    const numbers = { experienced: plain(both.experienced), responsible: plain(both.responsible) };
    return { group, key, members: sum.members, resolutionMs: sum.resolutionMs, verdict: verdictOf(target, both[basis]), ...numbers };
  }
}

function emptySum(): Sum {
  return { members: 0, resolutionMs: 0, experienced: EMPTY_PARTIAL, responsible: EMPTY_PARTIAL };
}

function sumOf(sums: Map<string | null, Sum>, key: string | null): Sum {
  const found = sums.get(key) ?? emptySum();
  sums.set(key, found);
  return found;
}

function plain(result: AggregateResult): FigureNumbers['experienced'] {
  const { availability, lowest, highest, completeness, availabilityWithMaintenance, account, unobserved } = result;
  return { availability, lowest, highest, completeness, availabilityWithMaintenance, account: { ...account }, unobserved };
}

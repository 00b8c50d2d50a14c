/** What the rows of the sums' statement say. */
import type { Account, MeanSums, Partial } from '@beacontower/domain';
import type { ObjectiveMember } from '../queries/objectives.ts';
import { SUMMED } from './sums-sql.ts';

/** One member; `r` is null where it says the same as `e`. */
export interface MemberRow {
  readonly id: string;
  readonly name: string;
  readonly division: string;
  readonly party: string | null;
  readonly weight: number;
  readonly resolutionMs: number;
  readonly rowsOk: boolean;
  readonly ok: boolean;
  readonly e: number[];
  readonly r: number[] | null;
  readonly [column: string]: unknown;
}

const arrayOf = (basis: 'e' | 'r') => `ARRAY[${SUMMED.map((column) => `${basis}_${column}`).join(', ')}]`;

/** The columns of a `MemberRow`, of `accounted`. */
export const memberSums = `id, name, division, party, weight, "resolutionMs", rows_ok AS "rowsOk", ok, ${arrayOf('e')} AS e,
  NULLIF(${arrayOf('r')}, ${arrayOf('e')}) AS r`;

export function memberOf({ id, name, division, party, weight, resolutionMs }: MemberRow): ObjectiveMember {
  return { id, name, division, party, weight, resolutionMs };
}

/** The account of sums in the order of `SUMMED`. */
export function accountOfSums(sums: readonly number[], offset = 0): Account {
  const [totalMs = 0, downMs = 0, unknownMs = 0, excludedMs = 0, degradedMs = 0, downLeastMs = 0, downMostMs = 0, up = 0, down = 0] =
    offset === 0 ? sums : sums.slice(offset);
  return {
    totalMs,
    upMs: totalMs - downMs - unknownMs - excludedMs,
    downMs,
    unknownMs,
    excludedMs,
    degradedMs,
    downLeastMs,
    downMostMs,
    upWithMaintenanceMs: up,
    downWithMaintenanceMs: down,
  };
}

/** The numbers of a `Partial` of several members, by one basis; `factor` is what a member weighs. */
export function partialSums(basis: 'e' | 'r', factor: string): string {
  const of = (column: (typeof SUMMED)[number]) => `${basis}_${column}`;
  const counted = `(${of('total_ms')} - ${of('excluded_ms')})`;
  const up = `(${counted} - ${of('down_ms')} - ${of('unknown_ms')})`;
  const observed = `(${counted} - ${of('unknown_ms')})`;
  const worked = `(${of('up_with_maintenance_ms')} + ${of('down_with_maintenance_ms')})`;
  const mean = (part: string, whole: string) => `coalesce(sum(${factor} * ((${part}) / NULLIF(${whole}, 0))), 0)`;
  const weight = (whole: string) => `coalesce(sum(${factor}) FILTER (WHERE ${whole} > 0), 0)`;
  return `ARRAY[count(*) FILTER (WHERE ${observed} = 0)::float8, ${SUMMED.map((column) => `sum(${of(column)})`).join(', ')},
    ${weight(observed)}, ${mean(up, observed)}, ${weight(counted)}, ${mean(`${counted} - ${of('down_most_ms')}`, counted)},
    ${mean(`${counted} - ${of('down_least_ms')}`, counted)}, ${mean(observed, counted)},
    ${weight(worked)}, ${mean(of('up_with_maintenance_ms'), worked)}]`;
}

/** The partial of the numbers of `partialSums`. Where members weigh alike, both means are the same; only the one asked for is ever used. */
export function partialFrom(members: number, sums: readonly number[]): Partial {
  const [a = 0, A = 0, c = 0, low = 0, high = 0, complete = 0, m = 0, M = 0] = sums.slice(1 + SUMMED.length);
  const means: MeanSums = {
    availability: { weight: a, sum: A },
    lowest: { weight: c, sum: low },
    highest: { weight: c, sum: high },
    completeness: { weight: c, sum: complete },
    availabilityWithMaintenance: { weight: m, sum: M },
  };
  return { members, unobserved: sums[0] ?? 0, account: accountOfSums(sums, 1), mean: means, weighted: means };
}

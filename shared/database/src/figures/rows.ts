/** What the rows of the sums' statement say. */
import type { Account, MeanSums, Partial } from '@beacontower/domain';
import type { ObjectiveMember } from '../queries/objectives.ts';
import { SUMMED } from './sums-sql.ts';

/** One member: its experienced sums, and what the responsible ones are more; null where they are the same. */
export interface MemberRow {
  readonly id: string;
  readonly name: string;
  readonly division: string;
  readonly party: string | null;
  readonly weight: number;
  readonly resolutionMs: number;
  readonly rowsOk: boolean;
  readonly ok: boolean;
  readonly sums: number[];
  readonly others: number[] | null;
  readonly [column: string]: unknown;
}

/** The columns of a `MemberRow`, of `accounted`. */
export const memberSums = `id, name, division, party, weight, "resolutionMs", rows_ok AS "rowsOk", ok, ARRAY[${SUMMED.join(', ')}] AS sums, others`;

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

/** Members with their responsible sums in the place of the experienced ones: of those alone of whom they differ. */
export const responsibleMembers = `SELECT *, total_ms - excluded_ms AS counted, total_ms - excluded_ms - unknown_ms AS observed,
    up_with_maintenance_ms + down_with_maintenance_ms AS worked
  FROM (SELECT id, division, party, weight, "resolutionMs", ${SUMMED.map((column, index) => `${column} + others[${index + 1}] AS ${column}`).join(', ')}
    FROM accounted WHERE ok AND others IS NOT NULL OFFSET 0) AS charged`;

/** The numbers of a `Partial` of several members; `weighted`: they weigh their users, otherwise alike. */
export function partialSums(weighted: boolean): string {
  const mean = (part: string, whole: string) => `coalesce(sum(${weighted ? 'weight * ' : ''}((${part}) / NULLIF(${whole}, 0))), 0)`;
  const weight = (whole: string) =>
    `${weighted ? 'coalesce(sum(weight)' : '(count(*)'} FILTER (WHERE ${whole} > 0)${weighted ? ', 0' : ''})`;
  return `ARRAY[count(*) FILTER (WHERE observed = 0), ${SUMMED.map((column) => `sum(${column})`).join(', ')},
    ${weight('observed')}, ${mean('observed - down_ms', 'observed')}, ${weight('counted')}, ${mean('counted - down_most_ms', 'counted')},
    ${mean('counted - down_least_ms', 'counted')}, ${mean('observed', 'counted')}, ${weight('worked')}, ${mean('up_with_maintenance_ms', 'worked')}]::float8[]`;
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

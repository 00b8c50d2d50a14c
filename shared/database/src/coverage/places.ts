import { divisionCovers } from '@beacontower/domain';
import { readCurrentEntities } from '../inventory/index.ts';
import type { Queryable } from '../pool.ts';
import type { Scope } from '../queries/conditions.ts';

/** The part of the country a coverage is about. */
export interface Places {
  /** The division asked for, as a path. */
  readonly division: string;
  /** What of it the caller may see, as paths. */
  readonly paths: readonly string[];
  /** Their codes in the lists of divisions. */
  readonly codes: readonly string[];
  /** Those of the paths that have no code in the inventory. */
  readonly withoutCode: readonly string[];
  /** Of these, those that are no divisions of the inventory at all. */
  readonly unknown: readonly string[];
  /** Of the node: its days are the days of the dates. */
  readonly timeZone: string;
}

const WHOLE_COUNTRY = '000000';

/** Null when nothing of the division is the caller's. Without a division, that of the node is meant. */
export async function readPlaces(db: Queryable, division: string | undefined, scope: Scope): Promise<Places | null> {
  const [node] = await readCurrentEntities(db, 'node');
  const wanted = division ?? node?.division ?? '';
  const paths = scope.some((own) => divisionCovers(own, wanted)) ? [wanted] : scope.filter((own) => divisionCovers(wanted, own));
  if (paths.length === 0) return null;
  const known = new Map((await readCurrentEntities(db, 'division')).map((body) => [body.id, body.code]));
  const codeOf = (path: string): string | null => (path === '' ? WHOLE_COUNTRY : (known.get(path) ?? null));
  return {
    division: wanted,
    paths,
    codes: paths.flatMap((path) => codeOf(path) ?? []),
    withoutCode: paths.filter((path) => codeOf(path) === null),
    unknown: paths.filter((path) => path !== '' && !known.has(path)),
    timeZone: node?.timeZone ?? 'UTC',
  };
}

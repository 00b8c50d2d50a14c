/** Which objects of a configuration meet what an objective or a condition asks for. */
import { divisionCovers } from '@beacontower/domain';
import type { ObjectBody, ObjectiveBody } from '../entities.ts';

/** Criteria that are null are none; an empty division covers all. */
export type Criteria = Pick<ObjectiveBody, 'class' | 'where' | 'division'>;

/** Whether an object of today's configuration meets every criterion that is given, besides being named. */
export function meetsCriteria({ class: wanted, where, division }: Criteria, object: ObjectBody): boolean {
  if (!divisionCovers(division, object.division) || (wanted !== null && object.class !== wanted)) return false;
  if (where === null) return true;
  return (
    (where.kinds === null || where.kinds.includes(object.kind)) &&
    (where.divisions === null || where.divisions.some((inside) => divisionCovers(inside, object.division))) &&
    (where.parties === null || (object.party !== null && where.parties.includes(object.party))) &&
    Object.entries(where.attributes ?? {}).every(([key, value]) => object.attributes[key] === value)
  );
}

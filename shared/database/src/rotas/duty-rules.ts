import type { DutyRules } from '@beacontower/contracts';
import { readCurrentEntities } from '../inventory/read.ts';
import type { Queryable } from '../pool.ts';
import { readRotaOverrides } from './overrides.ts';

/** No duty is looked at further ahead than this. */
const AHEAD_MS = 810 * 86_400_000;

/** Reads what says who is on duty in `[from, to)` (epoch ms); without `to` for as far ahead as anybody looks. */
export async function readDutyRules(db: Queryable, from: number, to = from + AHEAD_MS): Promise<DutyRules> {
  const byId = <T extends { readonly id: string }>(list: readonly T[]) => new Map(list.map((item) => [item.id, item]));
  return {
    rotas: await readCurrentEntities(db, 'rota'),
    contacts: byId(await readCurrentEntities(db, 'contact')),
    calendars: byId(await readCurrentEntities(db, 'calendar')),
    overrides: await readRotaOverrides(db, from, to),
  };
}

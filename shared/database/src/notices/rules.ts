import { carriesSeveral } from '@beacontower/contracts';
import type { RoutingRules } from '@beacontower/domain';
import { readFlapping } from '../incidents/flapping.ts';
import { readMaintenanceWindows, readSilences } from '../incidents/withholding.ts';
import { readCurrentEntities } from '../inventory/read.ts';
import type { Queryable } from '../pool.ts';
import { readRotaOverrides } from '../rotas/overrides.ts';

const DAY = 86_400_000;
/** Overrides are read a little further than anybody looks for the next change of duty. */
const AHEAD_MS = 810 * DAY;

/** What of the rules is configuration: it changes with the version of the inventory alone. */
export type RoutingConfiguration = Pick<
  RoutingRules,
  'routes' | 'contacts' | 'rotas' | 'escalations' | 'calendars' | 'clocks' | 'channels'
>;

/** What of the rules people and events change at any time. */
export type RoutingCircumstances = Pick<RoutingRules, 'overrides' | 'silences' | 'maintenance' | 'flapping'>;

/** Everything that decides who is told at `at` (epoch ms), by what is known now. */
export async function readRoutingRules(db: Queryable, at: number): Promise<RoutingRules> {
  return { ...(await readRoutingConfiguration(db)), ...(await readRoutingCircumstances(db, at)) };
}

export async function readRoutingConfiguration(db: Queryable): Promise<RoutingConfiguration> {
  const byId = <T extends { readonly id: string }>(list: readonly T[]) => new Map(list.map((item) => [item.id, item]));
  const channels = await readCurrentEntities(db, 'channel');
  return {
    routes: await readCurrentEntities(db, 'route'),
    contacts: byId(await readCurrentEntities(db, 'contact')),
    rotas: byId(await readCurrentEntities(db, 'rota')),
    escalations: byId(await readCurrentEntities(db, 'escalation')),
    calendars: byId(await readCurrentEntities(db, 'calendar')),
    clocks: new Map((await readCurrentEntities(db, 'clock')).map((clock) => [clock.id, clock])),
    channels: new Map(channels.map(({ id, kind }) => [id, { kind, groups: carriesSeveral(kind) }])),
  };
}

export async function readRoutingCircumstances(db: Queryable, at: number): Promise<RoutingCircumstances> {
  return {
    overrides: await readRotaOverrides(db, at - DAY, at + AHEAD_MS),
    silences: await readSilences(db, at),
    maintenance: await readMaintenanceWindows(db, at),
    flapping: await readFlapping(db),
  };
}

import { carriesSeveral, type EntityBody } from '@beacontower/contracts';
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

/** The bodies of the entities that say who is told, by sort. */
export type RoutingEntities = {
  readonly [K in 'route' | 'contact' | 'rota' | 'escalation' | 'calendar' | 'clock' | 'channel']: readonly EntityBody<K>[];
};

/** The configured part of the rules, made of entities from wherever they come. */
export function routingConfigurationOf(entities: RoutingEntities): RoutingConfiguration {
  const byId = <T extends { readonly id: string }>(list: readonly T[]) => new Map(list.map((item) => [item.id, item]));
  return {
    routes: entities.route,
    contacts: byId(entities.contact),
    rotas: byId(entities.rota),
    escalations: byId(entities.escalation),
    calendars: byId(entities.calendar),
    clocks: new Map(entities.clock.map((clock) => [clock.id, clock])),
    channels: new Map(entities.channel.map(({ id, kind }) => [id, { kind, groups: carriesSeveral(kind) }])),
  };
}

export async function readRoutingConfiguration(db: Queryable): Promise<RoutingConfiguration> {
  return routingConfigurationOf({
    route: await readCurrentEntities(db, 'route'),
    contact: await readCurrentEntities(db, 'contact'),
    rota: await readCurrentEntities(db, 'rota'),
    escalation: await readCurrentEntities(db, 'escalation'),
    calendar: await readCurrentEntities(db, 'calendar'),
    clock: await readCurrentEntities(db, 'clock'),
    channel: await readCurrentEntities(db, 'channel'),
  });
}

export async function readRoutingCircumstances(db: Queryable, at: number): Promise<RoutingCircumstances> {
  return {
    overrides: await readRotaOverrides(db, at - DAY, at + AHEAD_MS),
    silences: await readSilences(db, at),
    maintenance: await readMaintenanceWindows(db, at),
    flapping: await readFlapping(db),
  };
}

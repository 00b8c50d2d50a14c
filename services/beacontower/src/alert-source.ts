/** What `beacontower alert` decides with: the rules of a running node, or those of configuration files that nobody has applied. */
import {
  type ChannelBody,
  type DesiredEntity,
  type DutyRules,
  describeFault,
  type EntityBody,
  type EntityKind,
  type EventSubject,
  type ExplainRequest,
  type Language,
  type TemplateBody,
} from '@beacontower/contracts';
import {
  type Database,
  findEventSubject,
  readCurrentEntities,
  readDutyRules,
  readNodeIdentity,
  readRoutingRules,
  routingConfigurationOf,
} from '@beacontower/database';
import type { RoutingRules } from '@beacontower/domain';
import { UserError } from '@beacontower/runtime';
import { readConfiguration } from './configuration-commands.ts';

/** The scope of the command line. */
const EVERYTHING = [''];

/** What is asked about: an incident by its number or id, an object by its id with or without the node's prefix. */
export type Question = Pick<ExplainRequest, 'incident' | 'object'>;

/** The rules at one moment, and what an event may be about. */
export interface AlertSource {
  readonly timeZone: string;
  readonly rules: RoutingRules;
  readonly duties: DutyRules;
  readonly channels: readonly ChannelBody[];
  readonly templates: readonly TemplateBody[];
  /** Files know of no silence, no planned work, no override made by hand, no incident. */
  readonly offline: boolean;
  /** Null when the question names neither; undefined when there is no such thing. */
  subject(question: Question): Promise<EventSubject | null | undefined>;
}

/** The rules of the node at `at` (epoch ms), by what is known now. */
export async function sourceOfNode(database: Database, at: number): Promise<AlertSource> {
  const identity = await readNodeIdentity(database);
  const nodes = await readCurrentEntities(database, 'node');
  const node = nodes.find(({ id }) => id === identity?.node) ?? nodes[0];
  return {
    timeZone: node?.timeZone ?? 'UTC',
    rules: await readRoutingRules(database, at),
    duties: await readDutyRules(database, at),
    channels: await readCurrentEntities(database, 'channel'),
    templates: await readCurrentEntities(database, 'template'),
    offline: false,
    async subject({ incident, object }) {
      if (incident !== undefined) {
        return findEventSubject(database, /^\d+$/.test(incident) ? { number: Number(incident) } : { incident }, EVERYTHING);
      }
      if (object === undefined) return null;
      const found = await findEventSubject(database, { object }, EVERYTHING);
      return found ?? (node && findEventSubject(database, { object: `${node.id}:${object}` }, EVERYTHING));
    },
  };
}

/** The rules of configuration files. Throws a `UserError` with every fault when they cannot be used. */
export async function sourceOfFiles(paths: readonly string[], language: Language): Promise<AlertSource> {
  const { configuration, faults } = await readConfiguration(paths);
  if (configuration === null) {
    const errors = faults.filter(({ severity }) => severity === 'error');
    throw new UserError(`the configuration cannot be used:\n${errors.map((fault) => describeFault(fault, language)).join('\n')}`);
  }
  const { entities } = configuration;
  const [node] = bodiesOf(entities, 'node');
  const objects = new Map(bodiesOf(entities, 'object').map((object) => [object.id, object]));
  const rules = rulesOf(entities);
  return {
    timeZone: node?.timeZone ?? 'UTC',
    rules,
    duties: {
      rotas: bodiesOf(entities, 'rota'),
      contacts: new Map(bodiesOf(entities, 'contact').map((contact) => [contact.id, contact])),
      calendars: rules.calendars,
      overrides: new Map(),
    },
    channels: bodiesOf(entities, 'channel'),
    templates: bodiesOf(entities, 'template'),
    offline: true,
    async subject({ incident, object }) {
      if (incident !== undefined)
        throw new UserError('--incident: configuration files know of no incidents; leave out --config to ask the node');
      if (object === undefined) return null;
      const found = objects.get(object) ?? objects.get(`${node?.id}:${object}`);
      return found && { object: found.id, class: found.class, division: found.division, party: found.party };
    },
  };
}

/** Files are as if nothing had happened: nothing is silenced, nobody stands in by hand. */
function rulesOf(entities: readonly DesiredEntity[]): RoutingRules {
  const configured = routingConfigurationOf({
    route: bodiesOf(entities, 'route'),
    contact: bodiesOf(entities, 'contact'),
    rota: bodiesOf(entities, 'rota'),
    escalation: bodiesOf(entities, 'escalation'),
    calendar: bodiesOf(entities, 'calendar'),
    clock: bodiesOf(entities, 'clock'),
    channel: bodiesOf(entities, 'channel'),
  });
  return { ...configured, overrides: new Map(), silences: [], maintenance: [], flapping: new Map() };
}

function bodiesOf<K extends EntityKind>(entities: readonly DesiredEntity[], kind: K): EntityBody<K>[] {
  return entities.flatMap(({ entity, body }) => (entity === kind ? [body as EntityBody<K>] : []));
}

/** The whole way from files to what `apply` takes: read, collect, look at, normalise. Says every fault at once. */
import { localDate } from '@beacontower/domain';
import type { CalendarBody, DesiredEntity, DivisionBody, EntityBody, EntityKind, ObjectBody, ObjectiveBody } from '../entities.ts';
import { checkAnchors } from './anchors.ts';
import { readCalendars } from './calendars.ts';
import { readSecrets, type SecretUse } from './channel-secrets.ts';
import { readChannels } from './channels.ts';
import { readClocks } from './clocks.ts';
import { type Collected, collect } from './collect.ts';
import { readConditions } from './conditions.ts';
import { readApplications, readConnections, readTallies, readUnits } from './connected.ts';
import { readContacts } from './contacts.ts';
import { type CredentialDraft, checkCredentials, readCredentials, secretsOf } from './credentials.ts';
import { readDocument, type SourceDocument, type SourceFile } from './document.ts';
import { MAX_BYTES } from './document-complaints.ts';
import { readEscalations } from './escalations.ts';
import { type Complaint, compareFaults, type Fault, text } from './fault.ts';
import { type HolidayList, readHolidays, readShipped } from './holidays.ts';
import { readObjectives } from './objectives.ts';
import { readObjects, type Surroundings } from './objects.ts';
import { checkPolicies } from './policy-checks.ts';
import { createReferences } from './references.ts';
import { readReportSchedules } from './report-schedules.ts';
import { readRotas } from './rotas.ts';
import { checkRoutes } from './route-checks.ts';
import { readRoutes } from './routes.ts';
import { type CheckTemplate, readTemplates } from './templates.ts';
import { timeZoneFault } from './time-zone.ts';
import { isTimeZone } from './values.ts';

/** A configuration without errors. */
export interface Configuration {
  /** `partitions` is null when the configuration leaves it to the database (8 on the first apply). */
  readonly node: { readonly id: string; readonly partitions: number | null };
  /** All but the credentials. */
  readonly entities: readonly DesiredEntity[];
  /** They become entities when their secrets are looked up and sealed. */
  readonly credentials: readonly CredentialDraft[];
}

/** `configuration` is null as soon as one fault is an error. Faults are sorted by place. */
export interface LoadedConfiguration {
  readonly configuration: Configuration | null;
  readonly faults: readonly Fault[];
  /** Every secret that is referred to; whether it can be had is for the caller to see. */
  readonly secrets: readonly SecretUse[];
}

/** What the check of a configuration knows besides its files. */
export interface LoadOptions {
  /** Files of lists of holidays that come with the software (`readShippedHolidays`); without them only the configuration's own are known. */
  readonly holidays?: readonly SourceFile[];
  /** Codes of all lists of divisions; whether connections are of those is only asked when they are given. */
  readonly divisionCodes?: ReadonlySet<string>;
  /** Epoch ms: whether holidays are known far enough, and somebody will be on duty, is only asked when this is given. */
  readonly now?: number;
  /** What is wrong with a template; without it templates are not looked at. */
  readonly checkTemplate?: CheckTemplate;
}

/** Checks and normalises configuration files; pure, never throws, never shows a secret. */
export function loadConfiguration(files: readonly SourceFile[], options: LoadOptions = {}): LoadedConfiguration {
  let left = MAX_BYTES;
  const documents = files.map((file) => {
    const document = readDocument(file, left);
    left -= Math.min(left, file.bytes.length);
    return document;
  });
  const collected = collect(documents);
  const faults = collected.faults;
  const shipped = readShipped(options.holidays ?? []);
  faults.push(...shipped.faults);
  const complete = documents.every((document) => document.value !== undefined);
  checkNode(documents, complete, collected, faults);
  checkPolicies(collected, faults);
  const around: Surroundings = {
    collected,
    references: createReferences(
      collected,
      complete,
      faults,
      shipped.items.flatMap(({ id }) => id ?? []),
    ),
    faults,
    nodeId: collected.node?.id ?? '',
    nodeDivision: collected.node?.value?.division ?? '',
    complete,
    ...(options.checkTemplate && { checkTemplate: options.checkTemplate }),
  };
  checkCredentials(around);
  const entities = normalise(around, readHolidays(collected, shipped, faults), options);
  const credentials = readCredentials(collected);
  const sorted = [...faults].sort(compareFaults);
  const node = collected.node?.value ?? null;
  const secrets = [...readSecrets(collected), ...credentials.flatMap(secretsOf)];
  if (node === null || sorted.some((fault) => fault.severity === 'error')) return { configuration: null, faults: sorted, secrets };
  return { configuration: { node: { id: node.id, partitions: node.partitions ?? null }, entities, credentials }, faults: sorted, secrets };
}

function checkNode(documents: readonly SourceDocument[], complete: boolean, collected: Collected, faults: Fault[]): void {
  const node = collected.node;
  const first = documents[0];
  if (node === null && complete && first !== undefined) faults.push(first.fault([], NO_NODE));
  const zone = node === null ? null : timeZoneFault(node.value?.timeZone, node);
  if (zone !== null) faults.push(zone);
}

function normalise(around: Surroundings, holidays: ReadonlyMap<string, HolidayList>, options: LoadOptions): DesiredEntity[] {
  const node = around.collected.node?.value ?? null;
  const timeZone = node?.timeZone ?? '';
  const language = node?.language ?? 'zh';
  const objects = readObjects(around);
  checkAnchors(around, objects);
  const calendars = readCalendars(around, holidays, options.now === undefined ? null : localDateOf(options.now, timeZone));
  const objectives = readObjectives(around, timeZone, objects);
  const zones = around.collected.items.zones.flatMap(({ value }) => (value === null ? [] : [{ ...value, name: value.name ?? value.id }]));
  const parties = around.collected.items.parties.flatMap(({ value }) =>
    value === null ? [] : [{ ...value, nameEn: value.nameEn ?? null }],
  );
  const { partitions: _, ...nodeBody } = node ?? { id: '', name: '', division: '', timeZone: '', language: 'zh' as const, partitions: 0 };
  return [
    ...entities('node', [nodeBody]),
    ...entities('zone', zones),
    ...entities('division', divisionsOf(around)),
    ...entities('party', parties),
    ...entities('object', objects),
    ...entities('calendar', calendars),
    ...entities('objective', objectives),
    ...readTelling(around, { timeZone, language, now: options.now ?? null }, { objects, objectives, calendars }),
    ...entities('connection', readConnections(around, options.divisionCodes ?? null)),
    ...entities('unit', readUnits(around)),
    ...entities('application', readApplications(around)),
    ...entities('tally', readTallies(around)),
    ...entities('report-schedule', readReportSchedules(around, { timeZone, language })),
  ];
}

/** Who is told of what, how and when. */
function readTelling(
  around: Surroundings,
  node: { readonly timeZone: string; readonly language: 'zh' | 'en'; readonly now: number | null },
  { objects, objectives, calendars }: { objects: ObjectBody[]; objectives: ObjectiveBody[]; calendars: CalendarBody[] },
): DesiredEntity[] {
  const routes = readRoutes(around, node.timeZone);
  const conditions = readConditions(around, node.timeZone, objects);
  checkRoutes(around, routes, { objects, conditions, objectives });
  return [
    ...entities('channel', readChannels(around)),
    ...entities('template', readTemplates(around)),
    ...entities('contact', readContacts(around, node)),
    ...entities('rota', readRotas(around, node.timeZone, calendars, node.now)),
    ...entities('escalation', readEscalations(around)),
    ...entities(
      'route',
      routes.map(({ body }) => body),
    ),
    ...entities('clock', readClocks(around, node.timeZone)),
    ...entities('condition', conditions),
  ];
}

/** The local date of a moment, in UTC where the time zone is not known: a fault says so then. */
const localDateOf = (at: number, timeZone: string): string => localDate(at, isTimeZone(timeZone) ? timeZone : 'UTC');

/** The node's own division is known without being declared. */
function divisionsOf(around: Surroundings): DivisionBody[] {
  const declared = around.collected.items.divisions.flatMap(({ value }) =>
    value === null ? [] : [{ id: value.id, name: value.name, nameEn: value.nameEn ?? null, code: value.code ?? null }],
  );
  const own = around.nodeDivision;
  if (declared.some((division) => division.id === own)) return declared;
  return [{ id: own, name: own, nameEn: null, code: null }, ...declared];
}

function entities<K extends EntityKind>(entity: K, bodies: readonly EntityBody<K>[]): DesiredEntity[] {
  return bodies.map((body) => ({ entity, id: body.id, body }) as DesiredEntity);
}

const NO_NODE: Complaint = {
  code: 'no-node',
  problem: text('no file has a section "node"', '没有文件包含 "node" 段'),
  expected: text('node: {id, name, division}', 'node: {id, name, division}'),
};

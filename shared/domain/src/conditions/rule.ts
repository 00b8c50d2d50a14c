import { divisionCovers, type JudgingPolicy, type MonitoredObject, type ObjectClass, type ObjectKind, objectsCover } from '../inventory.ts';

/** What samples tell of an object. Fractions, but round-trip time and jitter, which are ms. */
export type SampleMetric = 'utilisation' | 'errors' | 'discards' | 'rtt' | 'jitter' | 'loss';

/** A limit on samples: raised at or beyond `raise`, and then held until a value is at or back behind `clear`. */
export interface SampleTest {
  readonly on: 'samples';
  readonly metric: SampleMetric;
  readonly side: 'above' | 'below';
  readonly raise: number;
  readonly clear: number;
}

export interface StateTest {
  readonly on: 'state';
  readonly state: 'down' | 'degraded' | 'unknown';
}

export interface RestartTest {
  readonly on: 'restart';
}

export type ConditionTest = SampleTest | StateTest | RestartTest;

/** Which objects a condition is about; null is no criterion. */
export interface ConditionWhere {
  readonly kinds: readonly ObjectKind[] | null;
  readonly classes: readonly ObjectClass[] | null;
  readonly divisions: readonly string[] | null;
  readonly parties: readonly string[] | null;
  readonly attributes: Readonly<Record<string, string>> | null;
  readonly objects: readonly string[] | null;
}

/** What is judged of a condition. It must hold for `forMs` before it is raised, and not hold for `clearForMs` before it is cleared; ms. */
export interface ConditionRule<T extends ConditionTest = ConditionTest> {
  readonly id: string;
  readonly test: T;
  readonly forMs: number;
  readonly clearForMs: number;
}

const OF_INTERFACES: readonly SampleMetric[] = ['utilisation', 'errors', 'discards'];

/** Whether the test is about what interfaces count. */
export function isOfInterfaces(test: ConditionTest): boolean {
  return test.on === 'samples' && OF_INTERFACES.includes(test.metric);
}

/** What a condition is about, as a name: what was remembered of another test says nothing of this one. */
export function testName(test: ConditionTest): string {
  if (test.on === 'samples') return `${test.metric} ${test.side}`;
  return test.on === 'state' ? `state ${test.state}` : test.on;
}

/** True when every criterion holds of the object. A device that is named stands for its interfaces too where interfaces are counted. */
export function conditionCovers(where: ConditionWhere, test: ConditionTest, object: MonitoredObject): boolean {
  const { kinds, classes, divisions, parties, attributes, objects } = where;
  if (kinds && !kinds.includes(object.kind)) return false;
  if (classes && !classes.includes(object.class)) return false;
  if (divisions && !divisions.some((division) => divisionCovers(division, object.division))) return false;
  if (parties && (object.party === null || !parties.includes(object.party))) return false;
  if (objects && !(isOfInterfaces(test) ? objectsCover(objects, object.id) : objects.includes(object.id))) return false;
  return Object.entries(attributes ?? {}).every(([name, value]) => object.attributes[name] === value);
}

/** Ms after which samples that are missing leave a gap: what held before it is not known to have held through it. */
export function longestGap({ intervalMs, unknownAfter }: Pick<JudgingPolicy, 'intervalMs' | 'unknownAfter'>): number {
  return intervalMs * unknownAfter;
}

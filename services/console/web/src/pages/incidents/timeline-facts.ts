/** What a line of a timeline may carry, read without trust: a line that lacks something is told without it. */

type Raw = Readonly<Record<string, unknown>>;

/** The facts of one line, each as its words need it. */
export interface LineFacts {
  readonly actor: string;
  readonly reason: string | null;
  readonly severity: string | null;
  readonly count: number;
  readonly objects: readonly string[];
  readonly text: string | null;
  readonly note: string | null;
  readonly to: string | null;
  readonly from: string | null;
  readonly owner: string | null;
  /** A node of another tier. */
  readonly node: string | null;
  /** Number of another incident. */
  readonly number: number | null;
  /** Its id. */
  readonly incident: string | null;
  /** Number of the incident with which this was done. */
  readonly with: number | null;
  readonly category: string | null;
  /** Undefined: nothing was said of it. Null: the cause's own party. */
  readonly party: string | null | undefined;
  readonly step: string | null;
  readonly contacts: readonly string[];
  readonly contact: string | null;
  readonly rotas: readonly string[];
  readonly unknown: readonly string[];
  readonly route: string | null;
  readonly escalation: string | null;
  readonly stepNumber: number | null;
  /** Epoch ms. */
  readonly deadline: number | null;
  readonly done: number;
  readonly failed: number;
  readonly why: string | null;
  readonly error: string | null;
  readonly share: number | null;
  readonly changes: number | null;
  /** Of a node that is not heard: what is seen of its place from here. */
  readonly landing: readonly { readonly name: string; readonly nameEn: string | null; readonly state: string }[];
  /** When it truly began or ended, with how far that may be off. */
  readonly edge: { readonly at: string; readonly earliest: string; readonly latest: string } | null;
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []);

const landings = (value: unknown): LineFacts['landing'] =>
  (Array.isArray(value) ? value : []).flatMap((one: unknown) => {
    const { name, nameEn, state } = (typeof one === 'object' && one !== null ? one : {}) as Raw;
    const [named, as] = [text(name), text(state)];
    return named === null || as === null ? [] : [{ name: named, nameEn: text(nameEn), state: as }];
  });

/** Reads the detail of a line. */
export function factsOf(actor: string, detail: Raw): LineFacts {
  const objects = [...texts(detail.objects), ...texts([detail.object])];
  const into = detail.into;
  return {
    actor,
    reason: text(detail.reason),
    severity: text(detail.severity),
    count: number(detail.count) ?? objects.length,
    objects,
    text: text(detail.text),
    note: text(detail.note),
    to: text(detail.to),
    from: text(detail.from),
    owner: text(detail.owner),
    node: text(detail.node),
    number: number(detail.number) ?? number(into),
    // Of a merge `incident` is the other's id as well; what was split off is named by its id alone.
    incident: text(detail.incident) ?? text(into),
    with: number(detail.with),
    category: text(detail.causeCategory),
    party: detail.chargedParty === null ? null : (text(detail.chargedParty) ?? undefined),
    step: text(detail.step),
    contacts: texts(detail.contacts),
    contact: text(detail.contact),
    rotas: [...texts(detail.rotas), ...texts(detail.unmanned)],
    unknown: texts(detail.unknown),
    route: text(detail.route),
    escalation: text(detail.escalation),
    stepNumber: number(detail.stepNumber),
    deadline: number(detail.deadline),
    done: countOf(detail.done),
    failed: countOf(detail.failed),
    why: text(detail.why),
    error: text(detail.error),
    share: number(detail.share),
    changes: number(detail.changes),
    landing: landings(detail.landing),
    edge: edgeOf(detail.edge),
  };
}

function countOf(value: unknown): number {
  return Array.isArray(value) ? value.length : (number(value) ?? 0);
}

function edgeOf(value: unknown): LineFacts['edge'] {
  if (typeof value !== 'object' || value === null) return null;
  const { at, earliest, latest } = value as Raw;
  const [a, e, l] = [text(at), text(earliest), text(latest)];
  return a === null || e === null || l === null ? null : { at: a, earliest: e, latest: l };
}

/** Who a line is from: those who work on it, the messages about it, or what is seen of it. */
export type LineSort = 'people' | 'telling' | 'seen';
const PEOPLE = new Set<string>([
  'acknowledged',
  'assigned',
  'accepted',
  'declined',
  'commented',
  'merged',
  'merged-from',
  'unmerged',
  'unmerged-from',
  'split-asked',
  'split',
  'split-refused',
  'closed',
  'reopened',
  'asked-above',
  'handed-down',
  'hand-over-accepted',
  'hand-over-declined',
  'hand-over-withdrawn',
]);
const TELLING = new Set<string>([
  'nobody-on-duty',
  'told-by-default',
  'nobody-told',
  'assignee-not-told',
  'unacknowledged',
  'respond-soon',
  'respond-late',
  'repair-soon',
  'repair-late',
  'released',
  'delivery-diverted',
  'delivery-retried',
]);

/** What one may choose to see of a timeline. An end by hand is of people, as is everything that has a person for its actor. */
export function sortOf(kind: string, actor: string): LineSort {
  if (PEOPLE.has(kind) || (kind === 'resolved' && actor !== 'system')) return 'people';
  return TELLING.has(kind) ? 'telling' : 'seen';
}

/** Lines that say that something went wrong with telling or with time, which nobody should overlook. */
export function isAlarming(kind: string): boolean {
  return [
    'nobody-told',
    'nobody-on-duty',
    'assignee-not-told',
    'respond-late',
    'repair-late',
    'split-refused',
    'delivery-diverted',
  ].includes(kind);
}

/** Holds a bundle's lines against each other, one after another: accounts against transitions, figures against accounts. */
import {
  type AccountLine,
  accountsOf,
  type ChargeLine,
  type EvidenceContext,
  type EvidenceLine,
  FigureFold,
  type FigureLine,
  type FigureNumbers,
  type HeaderLine,
  type MemberAccounts,
  type MemberLine,
  type ObjectiveBody,
  type PlannedWorkLine,
  type ReclassificationLine,
  type TransitionLine,
} from '@beacontower/contracts';
import { type Account, countedSpans, type Interval, union } from '@beacontower/domain';
import type { Fault } from './report-verify-faults.ts';
import { coversPeriod, followsPrevious, isPeriod, whyNoMember } from './report-verify-terms.ts';

/** The order of the sorts of lines; those of a member stand together. */
const RANKS = {
  header: 0,
  objective: 1,
  calendar: 2,
  'planned-work': 3,
  reclassification: 4,
  member: 5,
  transition: 5,
  charge: 5,
  account: 5,
  figure: 6,
  signature: 7,
} as const;
const ONCE: readonly EvidenceLine['line'][] = ['header', 'objective', 'calendar'];

interface OpenMember {
  readonly number: number;
  readonly member: MemberLine;
  readonly transitions: TransitionLine[];
  readonly charges: ChargeLine[];
  stage: 'transition' | 'charge' | 'account';
  comes: MemberAccounts | undefined;
  readonly said: { experienced?: Account; responsible?: Account };
}

export class BundleCheck {
  readonly #fault: (fault: Fault) => void;
  #last: EvidenceLine['line'] | undefined;
  #header: HeaderLine | undefined;
  #objective: ObjectiveBody | undefined;
  #counted: readonly Interval[] | undefined;
  readonly #plannedWork: PlannedWorkLine[] = [];
  readonly #reclassifications: ReclassificationLine[] = [];
  #fold: FigureFold | undefined;
  #open: OpenMember | undefined;
  #previousMember: string | undefined;
  #expected: FigureNumbers[] | undefined;
  #figure = 0;
  #whole: FigureNumbers | undefined;
  members = 0;
  transitions = 0;

  constructor(fault: (fault: Fault) => void) {
    this.#fault = fault;
  }

  get header(): HeaderLine | undefined {
    return this.#header;
  }
  /** The figure of the whole as the bundle has it. */
  get whole(): FigureNumbers | undefined {
    return this.#whole;
  }

  take(number: number, line: Exclude<EvidenceLine, { line: 'signature' }>): void {
    this.#checkOrder(number, line.line);
    this.#last = line.line;
    if (line.line === 'header') this.#takeHeader(number, line);
    else if (line.line === 'objective') this.#takeObjective(number, line.body);
    else if (line.line === 'calendar') this.#takeCalendar(number, line);
    else if (line.line === 'planned-work') this.#takeListed(number, line, this.#plannedWork);
    else if (line.line === 'reclassification') this.#takeListed(number, line, this.#reclassifications);
    else if (line.line === 'member') this.#takeMember(number, line);
    else if (line.line === 'figure') this.#takeFigure(number, line);
    else this.#takeOfMember(number, line);
  }

  /** The lines are over: says what is still missing. */
  finish(): void {
    this.#closeMember();
    if (this.#last !== undefined && this.#fold !== undefined) {
      const expected = this.#expectedFigures();
      for (const missing of expected.slice(this.#figure))
        this.#fault({ line: null, code: 'figure-missing', values: { group: groupName(missing) } });
    }
    if (this.#header === undefined || this.#objective === undefined || this.#counted === undefined)
      this.#fault({ line: null, code: 'unusable', values: { why: 'its header, objective or calendar is missing' } });
  }

  #checkOrder(number: number, line: EvidenceLine['line']): void {
    const before = this.#last === undefined ? -1 : RANKS[this.#last];
    const rank = RANKS[line];
    const skipsHead = rank > 2 ? before < 2 : rank !== before + 1;
    const isAgain = ONCE.includes(line) && rank <= before;
    if (rank < before || isAgain || skipsHead) this.#outOfOrder(number, line, this.#last ?? '-');
  }

  #outOfOrder(line: number, what: string, after: string): void {
    this.#fault({ line, code: 'out-of-order', values: { line: what, after } });
  }

  #takeHeader(line: number, header: HeaderLine): void {
    if (isPeriod(header)) this.#header = header;
    else this.#fault({ line, code: 'no-period', values: {} });
    if (!followsPrevious(header)) this.#fault({ line, code: 'previous', values: { version: header.figureVersion } });
  }

  #takeObjective(line: number, objective: ObjectiveBody): void {
    this.#objective = objective;
    this.#fold = new FigureFold(objective);
    const header = this.#header?.objective ?? '';
    if (objective.id !== header) this.#fault({ line, code: 'of-another-objective', values: { objective: objective.id, header } });
  }

  #takeCalendar(line: number, calendar: Extract<EvidenceLine, { line: 'calendar' }>): void {
    const [header, objective] = [this.#header, this.#objective];
    if (header === undefined || objective === undefined) return;
    const counted = calendar.counted.map(([from, to]) => ({ from, to }));
    this.#counted = counted;
    if (!coversPeriod(calendar, header, objective.calendar)) {
      this.#fault({ line, code: 'calendar-parts', values: { calendar: objective.calendar } });
      return;
    }
    try {
      const comes = union(calendar.versions.flatMap(({ body, from, to }) => countedSpans(body, objective.timeZone, from, to)));
      if (JSON.stringify(comes) !== JSON.stringify(counted)) this.#fault({ line, code: 'calendar', values: {} });
    } catch (error) {
      this.#fault({ line, code: 'unusable', values: { why: (error as Error).message } });
    }
  }

  #takeListed<T extends { readonly id: string; readonly line: EvidenceLine['line'] }>(number: number, line: T, list: T[]): void {
    const before = list.at(-1);
    if (before !== undefined && before.id >= line.id) this.#outOfOrder(number, `${line.line} ${line.id}`, before.id);
    list.push(line);
  }

  #takeMember(number: number, member: MemberLine): void {
    this.#closeMember();
    this.members++;
    if (this.#previousMember !== undefined && this.#previousMember >= member.object)
      this.#outOfOrder(number, `member ${member.object}`, this.#previousMember);
    this.#previousMember = member.object;
    const field = this.#objective && this.#header ? whyNoMember(member, this.#objective, this.#header) : null;
    if (field !== null) this.#fault({ line: number, code: 'no-member', values: { object: member.object, field } });
    this.#open = { number, member, transitions: [], charges: [], stage: 'transition', comes: undefined, said: {} };
  }

  #takeOfMember(number: number, line: TransitionLine | ChargeLine | AccountLine): void {
    const open = this.#open;
    if (open === undefined || open.member.object !== line.object) {
      const values = { line: line.line, object: line.object, member: open?.member.object ?? '-' };
      this.#fault({ line: number, code: 'of-another-member', values });
      return;
    }
    const stages = ['transition', 'charge', 'account'] as const;
    if (stages.indexOf(line.line) < stages.indexOf(open.stage)) this.#outOfOrder(number, line.line, open.stage);
    open.stage = line.line;
    if (line.line === 'transition') this.#takeTransition(number, line, open);
    else if (line.line === 'charge') open.charges.push(line);
    else this.#takeAccount(number, line, open);
  }

  #takeTransition(number: number, line: TransitionLine, open: OpenMember): void {
    this.transitions++;
    const before = open.transitions.at(-1);
    const isBehind = before === undefined || line.at > before.at || (line.at === before.at && line.id > before.id);
    if (!isBehind) this.#outOfOrder(number, `transition ${line.id}`, `transition ${before.id}`);
    if (line.earliest > line.at || line.at > line.latest) this.#fault({ line: number, code: 'edges-wrong', values: { id: line.id } });
    open.transitions.push(line);
  }

  #takeAccount(number: number, { line: _, object, basis, ...says }: AccountLine, open: OpenMember): void {
    if (open.said[basis] !== undefined || (basis === 'experienced' && open.said.responsible !== undefined))
      this.#outOfOrder(number, `account ${basis}`, 'account');
    open.said[basis] = says;
    open.comes ??= this.#accountsOf(number, open);
    if (open.comes === undefined) return;
    const comes = open.comes[basis];
    for (const field of Object.keys(says) as (keyof Account)[]) {
      if (says[field] !== comes[field])
        this.#fault({ line: number, code: 'account', values: { object, basis, field, says: says[field], comes: comes[field] } });
    }
  }

  #accountsOf(line: number, { member, transitions, charges }: OpenMember): MemberAccounts | undefined {
    if (this.#header === undefined || this.#counted === undefined) return undefined;
    const context: EvidenceContext = {
      from: this.#header.from,
      to: this.#header.to,
      counted: this.#counted,
      plannedWork: this.#plannedWork,
      reclassifications: this.#reclassifications,
    };
    try {
      return accountsOf(context, { member, transitions, charges });
    } catch (error) {
      this.#fault({ line, code: 'unusable', values: { why: (error as Error).message } });
      return undefined;
    }
  }

  #closeMember(): void {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return;
    const { experienced, responsible } = open.said;
    const { object } = open.member;
    for (const basis of ['experienced', 'responsible'] as const)
      if (open.said[basis] === undefined) this.#fault({ line: open.number, code: 'account-missing', values: { object, basis } });
    if (experienced !== undefined && responsible !== undefined) this.#fold?.add(open.member, { experienced, responsible });
  }

  #expectedFigures(): FigureNumbers[] {
    this.#expected ??= this.#fold?.figures() ?? [];
    return this.#expected;
  }

  #takeFigure(number: number, { line: _, ...says }: FigureLine): void {
    this.#closeMember();
    if (says.group === 'whole') this.#whole ??= says;
    const expected = this.#expectedFigures();
    const position = expected.findIndex((each, index) => index >= this.#figure && each.group === says.group && each.key === says.key);
    const comes = expected[position];
    if (comes === undefined) {
      this.#fault({ line: number, code: 'figure-unfounded', values: { group: groupName(says) } });
      return;
    }
    for (const missing of expected.slice(this.#figure, position))
      this.#fault({ line: number, code: 'figure-missing', values: { group: groupName(missing) } });
    this.#figure = position + 1;
    for (const [field, said, came] of differences(says, comes, ''))
      this.#fault({ line: number, code: 'figure', values: { group: groupName(says), field, says: said, comes: came } });
  }
}

function groupName({ group, key }: Pick<FigureNumbers, 'group' | 'key'>): string {
  return group === 'whole' ? 'whole' : `${group} ${key ?? '-'}`;
}

/** Every number that differs, by its path. */
function differences(says: unknown, comes: unknown, path: string): [path: string, says: unknown, comes: unknown][] {
  if (typeof says !== 'object' || says === null || typeof comes !== 'object' || comes === null)
    return Object.is(says, comes) ? [] : [[path, says, comes]];
  return Object.keys(comes).flatMap((key) =>
    differences((says as Record<string, unknown>)[key], (comes as Record<string, unknown>)[key], path === '' ? key : `${path}.${key}`),
  );
}

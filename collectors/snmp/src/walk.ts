import type { Asker } from './asker.ts';
import { OIDS } from './columns.ts';
import type { Pace } from './pace.ts';
import { type Asked, type Trouble, troubleOf } from './verdicts.ts';
import type { Oid } from './wire/oid.ts';
import { type BulkAnswer, type BulkRequest, type Cells, END, type Failed, MOST_REPETITIONS } from './wire/port.ts';

/** Hundredths of a second by which sysUpTime may seem to go back without a restart: some agents answer from several processes. */
export const UPTIME_JITTER = 100;

export interface WalkOptions {
  readonly asker: Asker;
  readonly pace: Pace;
  readonly columns: readonly Oid[];
  /** Asked with the first answer, after sysUpTime, which comes with every one. */
  readonly scalars: readonly Oid[];
  /** Rows the table is likely to have; null: nobody knows. */
  readonly expected: number | null;
  /** Rows after which a table is taken to have no end. */
  readonly mostRows: number;
  /** Takes an answer over before its memory is used for another: `columns[i]` of the walk is column `i` of the answer. */
  readonly take: (answer: BulkAnswer, columns: readonly number[], number: number) => void;
  /** Takes one of the scalars over: cell `cell` holds that at `position`. Not called for one that could not be had. */
  readonly takeScalar?: (position: number, cells: Cells, cell: number) => void;
  /** For words about trouble. */
  readonly asked: Omit<Asked, 'answered' | 'outOfTime'>;
}

/** When one answer of a walk was asked for and came (monotonic ms), and the device's sysUpTime in it; null when it does not tell. */
export interface AnswerTime {
  readonly sentAt: number;
  readonly receivedAt: number;
  readonly uptime: number | null;
}

/** How a walk ended. `restarted`: sysUpTime went back in its midst, so rows before and after are of two lives. */
export interface Walked {
  readonly whole: boolean;
  readonly restarted: boolean;
  readonly trouble: Trouble | null;
  readonly failure: Failed | null;
  readonly answers: readonly AnswerTime[];
}

/** Reads columns of a table side by side by GETBULK, as much at a time as the device's pace allows. Rejects never. */
export async function walk(options: WalkOptions): Promise<Walked> {
  return new Walk(options).run();
}

class Walk {
  readonly #options: WalkOptions;
  readonly #answers: AnswerTime[] = [];
  readonly #after: (number | null)[];
  readonly #rows: number[];
  #open: number[];
  /** What the request under way asks for: columns of the walk, and rows of each. */
  #chosen: readonly number[] = [];
  #wanted = 1;
  #scalarsTaken = false;

  constructor(options: WalkOptions) {
    this.#options = options;
    this.#after = options.columns.map(() => null);
    this.#rows = options.columns.map(() => 0);
    this.#open = options.columns.map((_, column) => column);
  }

  async run(): Promise<Walked> {
    while (this.#open.length > 0) {
      const answer = await this.#options.asker.bulk((attempt, last) => this.#request(attempt, last));
      if (!answer.ok) {
        if (answer.failure === 'too-big' && (this.#shrink() || (await this.#askScalarsApart()))) continue;
        return this.#ended(this.#trouble(answer), answer);
      }
      const trouble = this.#takeOver(answer);
      answer.release();
      if (this.#restarted()) return { ...this.#ended(null, null), whole: false, restarted: true };
      if (trouble) return this.#ended(trouble, null);
    }
    return this.#ended(null, null);
  }

  #request(attempt: number, last: boolean): BulkRequest {
    const { pace, scalars, columns } = this.#options;
    // A question that got no answer may have been too large for the agent or the way.
    if (attempt > 0) pace.failed(this.#chosen.length, this.#wanted);
    this.#chosen = this.#choose();
    const wanted = last && attempt > 0 ? 1 : pace.repetitions(this.#chosen.length, this.#remaining());
    this.#wanted = Math.min(wanted, MOST_REPETITIONS);
    return {
      scalars: this.#scalarsTaken ? [OIDS.sysUpTime] : [OIDS.sysUpTime, ...scalars],
      columns: this.#chosen.map((column) => ({ oid: columns[column] as Oid, after: this.#after[column] ?? null })),
      maxRepetitions: this.#wanted,
    };
  }

  /** All that is open or, where an agent cannot even answer one row of it, those columns that are furthest behind. */
  #choose(): readonly number[] {
    const most = this.#options.pace.cells;
    if (this.#open.length <= most) return this.#open;
    return [...this.#open].sort((a, b) => (this.#rows[a] ?? 0) - (this.#rows[b] ?? 0) || a - b).slice(0, most);
  }

  /** One row more than there should be, so that the end of the table shows without a further question. */
  #remaining(): number | null {
    const { expected } = this.#options;
    const read = this.#open.reduce((least, column) => Math.min(least, this.#rows[column] ?? 0), Number.POSITIVE_INFINITY);
    return expected === null || read >= expected ? null : expected - read + 1;
  }

  /** False when there is nothing smaller to ask for. */
  #shrink(): boolean {
    if (this.#chosen.length * this.#wanted <= 1) return false;
    this.#options.pace.failed(this.#chosen.length, this.#wanted);
    return true;
  }

  /** The agent cannot answer even one value beside the scalars: they are asked one by one. False when that was not it. */
  async #askScalarsApart(): Promise<boolean> {
    const { asker, scalars, takeScalar } = this.#options;
    if (this.#scalarsTaken || scalars.length === 0) return false;
    this.#scalarsTaken = true;
    for (const [position, scalar] of scalars.entries()) {
      const answer = await asker.get([scalar]);
      if (!answer.ok) continue;
      takeScalar?.(position, answer.cells, 0);
      answer.release();
    }
    return true;
  }

  #takeOver(answer: BulkAnswer): Trouble | null {
    const { take, takeScalar, scalars, mostRows, pace } = this.#options;
    const uptime = answer.scalars.number(0);
    this.#answers.push({ sentAt: answer.sentAt, receivedAt: answer.receivedAt, uptime });
    if (!this.#scalarsTaken) for (let at = 0; at < scalars.length; at++) takeScalar?.(at, answer.scalars, at + 1);
    this.#scalarsTaken = true;
    const chosen = this.#chosen;
    take(answer, chosen, this.#answers.length - 1);
    let cells = 0;
    let trouble: Trouble | null = null;
    const ended: number[] = [];
    for (let position = 0; position < chosen.length; position++) {
      const column = chosen[position] as number;
      const count = answer.counts[position] ?? 0;
      cells += count;
      const rows = (this.#rows[column] ?? 0) + count;
      this.#rows[column] = rows;
      if (count > 0) this.#after[column] = answer.rows[position * answer.stride + count - 1] ?? null;
      const end = answer.ends[position] ?? END.open;
      if (end !== END.open) ended.push(column);
      trouble ??= endTrouble(end, rows, mostRows);
    }
    if (answer.truncated) pace.failed(chosen.length, answer.asked);
    else if (ended.length === 0 && cells < chosen.length * answer.asked) pace.short(cells);
    else pace.whole(chosen.length, answer.asked);
    if (ended.length > 0) this.#open = this.#open.filter((column) => !ended.includes(column));
    else if (cells === 0) trouble ??= this.#nothing(answer);
    return trouble;
  }

  /** An answer without a single cell, which ends nothing: asking the same again would go on for ever. */
  #nothing(answer: BulkAnswer): Trouble | null {
    if (this.#chosen.length * answer.asked > 1) return null;
    const text = answer.truncated
      ? 'the answers of the agent are cut off before the first value: look for a filter that drops fragments, or a broken agent'
      : `the agent answers without the values that were asked for (${this.#options.asked.reading})`;
    return { reason: 'malformed-answer', text };
  }

  #restarted(): boolean {
    const last = this.#answers.at(-1)?.uptime;
    const before = this.#answers.at(-2)?.uptime;
    return last !== null && last !== undefined && before !== null && before !== undefined && last + UPTIME_JITTER < before;
  }

  #trouble(failed: Failed): Trouble | null {
    const { asker, asked } = this.#options;
    return troubleOf(failed.failure, failed.text, { ...asked, answered: asker.answered, outOfTime: asker.outOfTime });
  }

  #ended(trouble: Trouble | null, failure: Failed | null): Walked {
    return { whole: trouble === null && failure === null, restarted: false, trouble, failure, answers: this.#answers };
  }
}

function endTrouble(end: number, rows: number, mostRows: number): Trouble | null {
  if (end === END.notAscending)
    return {
      reason: 'table-has-no-end',
      text: "the agent's interface table goes in circles: rows do not ascend; update the device's software",
    };
  if (end === END.notOneArc)
    return { reason: 'malformed-answer', text: "the rows of the agent's interface table are not numbered by ifIndex" };
  if (rows > mostRows) return { reason: 'table-has-no-end', text: `the agent's interface table has more than ${mostRows} rows and no end` };
  return null;
}

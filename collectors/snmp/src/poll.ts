import { Asker } from './asker.ts';
import { type ColumnBuffer, takeBuffers } from './column-buffer.ts';
import { COUNTER_SOURCES, incomplete, OIDS, settleMode } from './columns.ts';
import { type DeviceMemory, hasRestarted, heardIn, type NamesDue, type Sighting } from './memory.ts';
import type { SnmpMetrics } from './metrics.ts';
import { readTable, withSlow } from './names.ts';
import { failedPoll, knock, type Poll, type PollContext } from './poll-result.ts';
import { Reading } from './reading.ts';
import type { Trouble } from './verdicts.ts';
import { type Walked, walk } from './walk.ts';
import type { Failed } from './wire/port.ts';

const IF_TABLE = 'the interface table';

/** Polls one device whose whole table is read. Rejects never for what the device did. */
export async function pollDevice(memory: DeviceMemory, context: PollContext): Promise<Poll> {
  return new DevicePoll(memory, context).run();
}

interface Attempt {
  readonly walked: Walked;
  readonly reading: Reading;
  readonly lastChange: number | null;
}

class DevicePoll {
  readonly #memory: DeviceMemory;
  readonly #context: PollContext;
  readonly #asker: Asker;
  readonly #metrics: SnmpMetrics;

  constructor(memory: DeviceMemory, context: PollContext) {
    this.#memory = memory;
    this.#context = context;
    this.#metrics = context.metrics;
    this.#asker = new Asker({ ...context, conversation: memory.conversation });
  }

  async run(): Promise<Poll> {
    const memory = this.#memory;
    if (memory.endless) memory.standing = memory.standing === 'answers' ? 'unknown' : memory.standing;
    const silent = await knock(memory, this.#asker);
    if (silent) return failedPoll(memory, this.#asker, silent, 'sysUpTime');
    if (memory.endless && memory.endless.until > this.#context.monotonic()) return this.#ended(memory.endless.trouble, null, false);
    memory.endless = null;
    const attempt = await this.#readRows();
    const { walked, reading } = attempt;
    if (walked.failure && reading.rows === 0) {
      reading.release();
      await this.#isThere(walked.failure);
      return failedPoll(memory, this.#asker, walked.failure, IF_TABLE);
    }
    if (walked.failure) memory.standing = 'unknown';
    this.#metrics.rows.inc(reading.rows);
    if (walked.failure?.failure === 'stopped') return { ...this.#ended(null, reading, false), stopped: true };
    if (this.#isEndless(walked, reading)) return this.#endless(walked, reading);
    return walked.whole ? this.#settle(attempt) : this.#settlePart(attempt);
  }

  /** One last small question before silence is believed: an agent may answer all but its interface table. */
  async #isThere({ failure }: Failed): Promise<void> {
    if (failure !== 'timeout' || this.#asker.answered) return;
    const answer = await this.#asker.getOnce([OIDS.sysUpTime]);
    if (answer.ok) answer.release();
  }

  /** Reads status and counters; once more when the device restarted meanwhile, or its counters turn out to be elsewhere. */
  async #readRows(): Promise<Attempt> {
    let restarted = false;
    for (;;) {
      const attempt = await this.#readOnce();
      const { walked, reading } = attempt;
      if (walked.restarted) {
        this.#memory.forgetNames();
        if (restarted) return { ...attempt, walked: { ...walked, trouble: RESTARTS } };
        restarted = true;
        this.#metrics.walksRepeated.inc();
      } else if (!walked.whole || !(await this.#settleModes(reading, walked))) {
        return attempt;
      }
      reading.release();
    }
  }

  async #readOnce(): Promise<Attempt> {
    const memory = this.#memory;
    const { columns } = memory;
    // Only once there is an answer: thousands of devices may be waiting for their turn.
    let buffers: ColumnBuffer[] = [];
    let lastChange: number | null = null;
    const walked = await walk({
      asker: this.#asker,
      pace: memory.pace,
      columns: columns.oids,
      scalars: [OIDS.ifTableLastChange],
      expected: memory.previous?.indexes.length ?? null,
      mostRows: this.#context.mostRows,
      take: (answer, chosen, number) => {
        if (buffers.length === 0) buffers = takeBuffers(columns.oids.length);
        for (let position = 0; position < chosen.length; position++) buffers[chosen[position] as number]?.append(answer, position, number);
      },
      takeScalar: (_, cells, cell) => {
        lastChange = cells.number(cell);
      },
      asked: { ...memory.asked, reading: IF_TABLE },
    });
    return {
      walked,
      reading: new Reading(columns, buffers.length > 0 ? buffers : takeBuffers(columns.oids.length), walked.answers),
      lastChange,
    };
  }

  /** True when counters have to be read from other columns than was tried. */
  async #settleModes(reading: Reading, walked: Walked): Promise<boolean> {
    const memory = this.#memory;
    if (hasRestarted(memory.heard, heardIn(walked.answers[0])) && memory.forgetModes()) return true;
    if (!memory.modesOpen || reading.rows === 0) return false;
    const rows = reading.wideRows();
    const lacking = incomplete(memory.modes, rows, reading.rows);
    memory.modesOpen = false;
    if (lacking.length === 0) return false;
    const narrow = lacking.map(() => 0);
    const probe = await walk({
      asker: this.#asker,
      pace: memory.pace,
      columns: lacking.map((counter) => (COUNTER_SOURCES[counter] as (typeof COUNTER_SOURCES)[number]).narrow),
      scalars: [],
      expected: reading.rows,
      mostRows: this.#context.mostRows,
      take: (answer, chosen) => {
        for (const [position, column] of chosen.entries()) narrow[column] = (narrow[column] ?? 0) + (answer.counts[position] ?? 0);
      },
      asked: { ...memory.asked, reading: 'the 32-bit counters' },
    });
    memory.modesOpen = !probe.whole;
    const modes = [...memory.modes];
    lacking.forEach((counter, position) => {
      modes[counter] = settleMode(rows[counter] ?? 0, narrow[position] ?? 0);
    });
    if (!probe.whole || modes.every((mode, counter) => mode === memory.modes[counter])) return false;
    memory.setModes(modes, memory.table?.hasDiscontinuity ?? false);
    return true;
  }

  /** The whole table was read: what do its rows mean? */
  async #settle({ walked, reading, lastChange }: Attempt): Promise<Poll> {
    const memory = this.#memory;
    if (reading.rows === 0) return this.#ended(NO_TABLE, reading, false);
    const seen: Sighting = { ...heardIn(walked.answers.at(-1)), lastChange, indexes: reading.indexes };
    const due = memory.namesDue(seen, this.#context.monotonic());
    const trouble = due ? await this.#readNames(due, seen) : await this.#readStirred(reading);
    memory.saw(seen);
    memory.previous = reading.remember(memory.previous);
    const wrong = reading.wrongType();
    const named = trouble ?? (wrong === null ? null : { reason: 'malformed-answer', text: `${wrong}: that is not taken` });
    const silent = seen.uptime === null ? NO_UPTIME : null;
    return this.#ended(named ?? silent, reading, true);
  }

  /** A part was read. It counts only where nothing hints that ifIndexes mean something else by now. */
  #settlePart({ walked, reading, lastChange }: Attempt): Poll {
    const memory = this.#memory;
    if (memory.meansTheSame(heardIn(walked.answers[0]), lastChange)) memory.saw(heardIn(walked.answers.at(-1)));
    else memory.forgetNames();
    return this.#ended(walked.trouble, reading, false);
  }

  async #readNames(due: NamesDue, seen: Sighting): Promise<Trouble | null> {
    const memory = this.#memory;
    this.#metrics.tablesRead.inc({ why: due });
    const { table, walked } = await readTable({
      asker: this.#asker,
      pace: memory.pace,
      expected: seen.indexes.length,
      mostRows: this.#context.mostRows,
      asked: memory.asked,
    });
    if (table && !hasRestarted(seen, heardIn(walked.answers[0]))) {
      memory.named(table, seen, this.#context.monotonic());
      memory.setModes(memory.modes, table.hasDiscontinuity);
      if (due !== 'first') memory.modesOpen = true;
      return null;
    }
    // Names that are merely old still hold; others must not be guessed.
    if (due !== 'old') memory.forgetNames();
    return walked.restarted ? RESTARTS : walked.trouble;
  }

  /** A link that changed may have another speed; an error counter that went back was reset or has wrapped. */
  async #readStirred(reading: Reading): Promise<Trouble | null> {
    const memory = this.#memory;
    if (!memory.previous || !memory.table) return null;
    const { oper, wentBack } = reading.stirred(memory.previous);
    if (!oper && !wentBack) return null;
    const speeds = new Map<number, number>();
    const broken = new Map<number, number>();
    const walked = await walk({
      asker: this.#asker,
      pace: memory.pace,
      columns: [OIDS.ifHighSpeed, OIDS.ifCounterDiscontinuityTime],
      scalars: [],
      expected: reading.rows,
      mostRows: this.#context.mostRows,
      take: (answer, chosen) => {
        for (const [position, column] of chosen.entries()) {
          const into = column === 0 ? speeds : broken;
          for (let at = position * answer.stride; at < position * answer.stride + (answer.counts[position] ?? 0); at++)
            into.set(answer.rows[at] as number, answer.cells.number(at) ?? 0);
        }
      },
      asked: { ...memory.asked, reading: 'the speeds of the interfaces' },
    });
    if (walked.whole) memory.table = withSlow(memory.table, speeds, broken);
    else reading.withholdsWatched = wentBack;
    return walked.trouble;
  }

  /** A table without an end is as dear as it is useless: it is not read again for a while. */
  #isEndless({ trouble }: Walked, reading: Reading): boolean {
    return trouble?.reason === 'table-has-no-end' && reading.rows > this.#context.mostRows;
  }

  #endless({ trouble }: Walked, reading: Reading): Poll {
    reading.release();
    this.#memory.forgetNames();
    if (trouble) this.#memory.endless = { trouble, until: this.#context.monotonic() + this.#context.namesEveryMs };
    return this.#ended(trouble, null, false);
  }

  #ended(trouble: Trouble | null, reading: Reading | null, whole: boolean): Poll {
    const { table } = this.#memory;
    return { stopped: false, trouble, answered: true, provesTheWay: true, asker: this.#asker, reading, whole, table };
  }
}

const RESTARTS: Trouble = { reason: 'agent-error', text: 'the device restarts again and again while its interface table is read' };
const NO_TABLE: Trouble = {
  reason: 'no-interface-table',
  text: "the agent answers, but shows no interface table (IF-MIB): allow it in the credential's view",
};
const NO_UPTIME: Trouble = {
  reason: 'agent-refuses',
  text: "the agent shows no sysUpTime, without which counters cannot be told from a restart: allow the system group in the credential's view",
};

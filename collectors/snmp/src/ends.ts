import { Asker } from './asker.ts';
import { OIDS } from './columns.ts';
import { type DeviceMemory, type Heard, heardIn } from './memory.ts';
import { cleanText, type InterfaceTable, readTable } from './names.ts';
import { failedPoll, knock, type Poll, type PollContext } from './poll-result.ts';
import { interfaceVerdict, VANISHED, type Verdict } from './verdicts.ts';
import { type Oid, oidOfArcs } from './wire/oid.ts';
import { type Failed, type GetAnswer, TAG } from './wire/port.ts';

/** What was seen of one named interface; `first`, `last` as in `ObservationBatch`, monotonic ms. */
export interface EndSeen {
  readonly check: number;
  readonly verdict: Verdict;
  readonly first: number;
  readonly last: number;
}

export interface NamedInterface {
  readonly check: number;
  readonly name: string;
}

/** Interfaces asked for in one GET, three variables each. */
const MOST_AT_ONCE = 16;

/**
 * Polls a device of which only some interfaces are wanted (ends of circuits): its names are read as seldom as those of any other, then
 * the status of just those rows, each together with its name, so that a renumbered ifIndex shows at once.
 */
export async function pollEnds(
  memory: DeviceMemory,
  wanted: readonly NamedInterface[],
  context: PollContext,
): Promise<{ poll: Poll; ends: EndSeen[] }> {
  const asker = new Asker({ ...context, conversation: memory.conversation });
  const silent = await knock(memory, asker);
  if (silent) return { poll: failedPoll(memory, asker, silent, 'sysUpTime'), ends: [] };
  const ends: EndSeen[] = [];
  for (let from = 0; from < wanted.length; from += MOST_AT_ONCE) {
    const failed = await lookAt(memory, asker, wanted.slice(from, from + MOST_AT_ONCE), context, ends);
    if (failed) return { poll: failed, ends };
  }
  return { poll: answeredPoll(memory, asker), ends };
}

/** One group: names if they are due, then status; names once more when they turn out to be of before. Null when all went well. */
async function lookAt(
  memory: DeviceMemory,
  asker: Asker,
  wanted: readonly NamedInterface[],
  context: PollContext,
  ends: EndSeen[],
): Promise<Poll | null> {
  for (let fresh = false; ; fresh = true) {
    if (fresh || !memory.table || memory.namesOld(context.monotonic())) {
      const failed = await readNames(memory, asker, context);
      if (failed) return failed;
      fresh = true;
    }
    const table = memory.table;
    if (!table) return answeredPoll(memory, asker);
    const rows = locate(table, wanted);
    const answer = await asker.get([OIDS.sysUpTime, OIDS.ifTableLastChange, ...rows.flatMap((row) => row.oids)]);
    if (!answer.ok && answer.failure === 'no-such-name' && !fresh) continue;
    if (!answer.ok) return failedPoll(memory, asker, answer as Failed, 'the status of interfaces');
    const same = stillThose(memory, answer, rows);
    if (same || fresh) judge(answer, rows, wanted, ends);
    if (same) memory.saw(heardNow(answer));
    else if (fresh) memory.forgetNames();
    answer.release();
    if (same || fresh) return null;
  }
}

interface Row extends NamedInterface {
  /** What the name column (ifName, or ifDescr) must hold. */
  readonly called: string;
  readonly oids: readonly Oid[];
}

function locate(table: InterfaceTable, wanted: readonly NamedInterface[]): Row[] {
  const byName = new Map(table.interfaces.map((seen) => [seen.name, seen]));
  return wanted.flatMap((end) => {
    const seen = byName.get(end.name);
    if (!seen) return [];
    const named = table.ifNames.get(seen.index) ?? '';
    const name = named === '' ? OIDS.ifDescr : OIDS.ifName;
    const oids = [OIDS.ifAdminStatus, OIDS.ifOperStatus, name].map((column) => oidOfArcs([...column.arcs, seen.index]));
    return [{ ...end, called: named === '' ? seen.descr : named, oids }];
  });
}

/** v1 leaves out ifTableLastChange by failing; then names are what is compared. */
function stillThose(memory: DeviceMemory, answer: GetAnswer, rows: readonly Row[]): boolean {
  if (!memory.meansTheSame(heardNow(answer), answer.cells.number(1))) return false;
  return rows.every((row, at) => cleanText(answer.cells.text(2 + at * 3 + 2)) === row.called);
}

const heardNow = (answer: GetAnswer): Heard => ({ uptime: answer.cells.number(0), at: answer.receivedAt });

function judge(answer: GetAnswer, rows: readonly Row[], wanted: readonly NamedInterface[], ends: EndSeen[]): void {
  const bounds = { first: answer.receivedAt, last: answer.sentAt };
  const status = (cell: number) => (answer.cells.tags[cell] === TAG.integer ? (answer.cells.number(cell) ?? 0) : 0);
  rows.forEach((row, at) => {
    if (cleanText(answer.cells.text(2 + at * 3 + 2)) !== row.called) return;
    const verdict = interfaceVerdict(status(2 + at * 3), status(2 + at * 3 + 1));
    if (verdict) ends.push({ check: row.check, verdict, ...bounds });
  });
  const found = new Set(rows.map(({ check }) => check));
  for (const { check } of wanted) if (!found.has(check)) ends.push({ check, verdict: VANISHED, ...bounds });
}

async function readNames(memory: DeviceMemory, asker: Asker, context: PollContext): Promise<Poll | null> {
  const { table, walked, lastChange } = await readTable({
    asker,
    pace: memory.pace,
    expected: memory.table?.interfaces.length ?? null,
    mostRows: context.mostRows,
    asked: memory.asked,
  });
  context.metrics.tablesRead.inc({ why: memory.table ? 'changed' : 'first' });
  if (table && table.interfaces.length > 0) {
    memory.named(table, { ...heardIn(walked.answers[0]), lastChange, indexes: new Uint32Array(0) }, context.monotonic());
    return null;
  }
  memory.forgetNames();
  if (walked.failure) return failedPoll(memory, asker, walked.failure, 'the names of the interfaces');
  return { ...answeredPoll(memory, asker), trouble: walked.trouble };
}

function answeredPoll(memory: DeviceMemory, asker: Asker): Poll {
  return {
    stopped: false,
    trouble: null,
    answered: true,
    provesTheWay: true,
    asker,
    reading: null,
    whole: false,
    table: memory.table,
  };
}

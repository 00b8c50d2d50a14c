import type { Asker, AskerOptions } from './asker.ts';
import { OIDS } from './columns.ts';
import type { DeviceMemory } from './memory.ts';
import type { InterfaceTable } from './names.ts';
import type { Reading } from './reading.ts';
import { isAnswer, provesTheWay, type Trouble, troubleOf } from './verdicts.ts';
import type { Failed } from './wire/port.ts';

/** What a poll needs from outside. */
export interface PollContext extends Omit<AskerOptions, 'conversation'> {
  readonly mostRows: number;
  readonly namesEveryMs: number;
}

/** What one poll of a device showed. */
export interface Poll {
  /** We are stopping: nothing is said. */
  readonly stopped: boolean;
  readonly trouble: Trouble | null;
  /** The agent answered something, if only with an error. */
  readonly answered: boolean;
  /** Something came back from there: the vantage and the way are sound. */
  readonly provesTheWay: boolean;
  readonly asker: Asker;
  /** Rows that were read, and whether they are all there are. Release it. */
  readonly reading: Reading | null;
  readonly whole: boolean;
  /** What the rows' ifIndexes mean; null: nobody knows, so nothing is said of any interface. */
  readonly table: InterfaceTable | null;
}

/** Asks the one small question to a device that did not answer of late. Null: it answers, go on. */
export async function knock(memory: DeviceMemory, asker: Asker): Promise<Failed | null> {
  if (memory.standing === 'answers') return null;
  const answer = await (memory.standing === 'silent' ? asker.getOnce([OIDS.sysUpTime]) : asker.get([OIDS.sysUpTime]));
  if (answer.ok) answer.release();
  // v1 has no other way to say that there is no sysUpTime: it answers, and the table may be there.
  else if (answer.failure !== 'no-such-name') return answer;
  memory.standing = 'answers';
  return null;
}

/** What a poll showed that ended with a failed question. */
export function failedPoll(memory: DeviceMemory, asker: Asker, failed: Failed, reading: string): Poll {
  const answered = asker.answered || isAnswer(failed.failure);
  if (failed.failure === 'timeout' || failed.failure === 'send-failed') memory.standing = answered ? 'unknown' : 'silent';
  const trouble = troubleOf(failed.failure, failed.text, {
    ...memory.asked,
    answered: asker.answered,
    reading,
    outOfTime: asker.outOfTime,
  });
  return {
    stopped: failed.failure === 'stopped',
    trouble,
    answered,
    provesTheWay: answered || provesTheWay(failed.failure, failed.text),
    asker,
    reading: null,
    whole: false,
    table: null,
  };
}

import type { CalendarBody, ConditionBody } from '@beacontower/contracts';
import type { ConditionRule, RestartTest, SampleTest, StateTest } from '@beacontower/domain';
import { JudgedTime } from './judged-time.ts';

/** A condition as it is judged now: exactly one of the three rules is there. */
export interface Condition {
  readonly body: ConditionBody;
  readonly samples: ConditionRule<SampleTest> | null;
  readonly state: ConditionRule<StateTest> | null;
  readonly restart: ConditionRule<RestartTest> | null;
  /** Null: always judged. */
  readonly judged: JudgedTime | null;
}

/** A calendar that is gone (the configuration refuses that) judges always: silence would be worse. */
export function createCondition(body: ConditionBody, calendars: ReadonlyMap<string, CalendarBody>): Condition {
  const { id, test, forMs, clearForMs, calendar } = body;
  const counted = calendar === null ? undefined : calendars.get(calendar.id);
  return {
    body,
    samples: test.on === 'samples' ? { id, test, forMs, clearForMs } : null,
    state: test.on === 'state' ? { id, test, forMs, clearForMs } : null,
    restart: test.on === 'restart' ? { id, test, forMs: 0, clearForMs } : null,
    judged: calendar === null || counted === undefined ? null : new JudgedTime(counted, calendar.when, calendar.timeZone),
  };
}

/** Whether a condition is judged at a moment, epoch ms. */
export function isJudgedAt({ judged }: Condition, at: number): boolean {
  return judged === null || judged.includes(at);
}

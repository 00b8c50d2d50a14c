/** What a condition tests: its limits in the unit of the metric, and the way back (hysteresis). */
import type { ConditionBody } from '../entities.ts';
import type { Item } from './collect.ts';
import type { LimitYaml, TestYaml } from './condition-schema.ts';
import type { Path } from './document.ts';
import { type Complaint, text } from './fault.ts';
import type { Surroundings } from './objects.ts';
import { Duration, Share } from './values.ts';

type Test = ConditionBody['test'];
type SampleYaml = Extract<TestYaml, { metric: string }>;

/** Round-trip times are durations; all else is a share of something, and can be all of it at most. */
const IN_MS: ReadonlySet<string> = new Set(['rtt', 'jitter']);
/** Where nothing is said, what is over goes a tenth back before the condition holds no more. */
const USUAL_WAY_BACK = 0.1;

/** The test of a condition, and every fault of it. */
export function testOf(around: Surroundings, item: Item<unknown>, given: TestYaml): Test {
  if (given === 'restart') return { on: 'restart' };
  if ('state' in given) return { on: 'state', state: given.state };
  const complain = (path: Path, complaint: Complaint) =>
    around.faults.push(item.document.fault([...item.path, 'test', ...path], complaint));
  const { metric, above, below, clear } = given;
  if ((above === undefined) === (below === undefined)) complain([], ABOVE_OR_BELOW);
  const side = above === undefined ? 'below' : 'above';
  const read = (key: 'above' | 'below' | 'clear', written: LimitYaml | undefined): number | null => {
    const limit = written === undefined ? null : limitOf(metric, written);
    if (written !== undefined && limit === null) complain([key], IN_MS.has(metric) ? NOT_A_TIME : NOT_A_SHARE);
    return limit;
  };
  const raise = read(side, above ?? below);
  const cleared = read('clear', clear) ?? wayBack(side, raise ?? 0, metric);
  if (raise === 0) complain([side], ALWAYS_OR_NEVER);
  else if (raise !== null && (side === 'above' ? cleared > raise : cleared < raise)) complain(['clear'], wrongWay(side));
  return { on: 'samples', metric, side, raise: raise ?? 0, clear: cleared };
}

/** As it is stored: ms, or a fraction; null for what is neither. */
function limitOf(metric: SampleYaml['metric'], written: LimitYaml): number | null {
  const result = (IN_MS.has(metric) ? Duration : Share).safeParse(written);
  return result.success ? result.data : null;
}

function wayBack(side: 'above' | 'below', raise: number, metric: string): number {
  const clear = Number((raise * (side === 'above' ? 1 - USUAL_WAY_BACK : 1 + USUAL_WAY_BACK)).toPrecision(12));
  return IN_MS.has(metric) ? clear : Math.min(clear, 1);
}

const ABOVE_OR_BELOW: Complaint = {
  code: 'above-or-below',
  problem: text('it is not clear on which side of what it begins to hold', '未明确在何值的哪一侧成立'),
  expected: text('either "above" or "below"', '"above" 与 "below" 二者取一'),
  found: null,
};
const NOT_A_TIME: Complaint = {
  code: 'bad-limit',
  problem: text('this is not a time', '不是时长'),
  expected: text('a duration with its unit, such as "150ms"', '带单位的时长，如 "150ms"'),
};
const NOT_A_SHARE: Complaint = {
  code: 'bad-limit',
  problem: text('this is not a share', '不是比例'),
  expected: text('a percentage from "0%" to "100%" or a fraction from 0 to 1', '"0%" 至 "100%" 的百分数或 0 至 1 的小数'),
};
const wrongWay = (side: 'above' | 'below'): Complaint => ({
  code: 'hysteresis',
  problem:
    side === 'above'
      ? text('it would be over while it still holds: "clear" is higher than "above"', '条件仍成立时即被解除："clear" 高于 "above"')
      : text('it would be over while it still holds: "clear" is lower than "below"', '条件仍成立时即被解除："clear" 低于 "below"'),
  expected:
    side === 'above'
      ? text('a "clear" that is lower than "above", or none', '"clear" 低于 "above"，或不写')
      : text('a "clear" that is higher than "below", or none', '"clear" 高于 "below"，或不写'),
});
const ALWAYS_OR_NEVER: Complaint = {
  code: 'always-holds',
  problem: text('at this limit the condition always holds, or never', '在此阈值下，条件始终成立或永不成立'),
  expected: text('a limit above 0', '大于 0 的阈值'),
};

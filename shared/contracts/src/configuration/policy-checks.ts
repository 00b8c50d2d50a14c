/** Whether each policy written in the configuration can work: its interval in range, its round within the interval. */
import type { Collected, Item } from './collect.ts';
import type { Path } from './document.ts';
import { type Complaint, type Fault, text } from './fault.ts';
import { INTERVAL_RANGE, resolvePolicy, roundFits, roundLength } from './policy.ts';
import { OBJECT_SECTIONS, type ObjectSection, type ObjectYaml, type PolicyYaml } from './schema.ts';

export function checkPolicies(collected: Collected, faults: Fault[]): void {
  if (collected.defaults?.whole === false) return;
  const defaults = collected.defaults?.value?.policy;
  const usualIsSound = collected.defaults === null || defaults === undefined || checkOne(collected.defaults, undefined, defaults, faults);
  for (const section of Object.keys(OBJECT_SECTIONS) as ObjectSection[]) {
    for (const item of collected.items[section] as Item<ObjectYaml>[]) {
      const own = item.value?.policy;
      // What is wrong with the defaults has been said once; only an object that says more is judged by itself.
      if (own !== undefined && (usualIsSound || own.interval !== undefined)) checkOne(item, own, defaults, faults);
    }
  }
}

function checkOne(item: Item<unknown>, own: PolicyYaml | undefined, defaults: PolicyYaml | undefined, faults: Fault[]): boolean {
  const policy = resolvePolicy(own, defaults);
  const written = own ?? defaults;
  const path: Path = [...item.path, 'policy'];
  const report = (key: string, complaint: Complaint) => {
    faults.push(item.document.fault([...path, key], complaint));
    return false;
  };
  if (policy.intervalMs < INTERVAL_RANGE.least || policy.intervalMs > INTERVAL_RANGE.most) return report('interval', OUT_OF_RANGE);
  if (roundFits(policy)) return true;
  const key = ['interval', 'timeout', 'probes', 'period', 'confirm'].find((name) => written !== undefined && name in written);
  return report(key ?? 'interval', {
    code: 'round-too-long',
    problem: text(
      `a round takes up to ${roundLength(policy)} ms: ((${policy.probes} probes - 1) × ${policy.periodMs} ms + ${policy.timeoutMs} ms) × ${1 + policy.confirmPasses} passes`,
      `一轮最长 ${roundLength(policy)} 毫秒：（（${policy.probes} 次探测 - 1）× ${policy.periodMs} 毫秒 + ${policy.timeoutMs} 毫秒）× ${1 + policy.confirmPasses} 遍`,
    ),
    expected: text(
      `at most ${Math.floor(policy.intervalMs * 0.9)} ms, nine tenths of the interval of ${policy.intervalMs} ms`,
      `不超过 ${Math.floor(policy.intervalMs * 0.9)} 毫秒，即间隔 ${policy.intervalMs} 毫秒的九成`,
    ),
  });
}

const OUT_OF_RANGE: Complaint = {
  code: 'interval-out-of-range',
  problem: text('the interval is out of range', '间隔超出范围'),
  expected: text('from 1s to 1h', '1s 至 1h'),
};

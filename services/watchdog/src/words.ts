import type { SelfCode } from '@beacontower/contracts';
import { FEDERATION_WORDS } from './federation-words.ts';

/** A watchdog does not find itself silent: that is for the API to say. */
export type FoundCode = Exclude<SelfCode, 'watchdog-silent'>;

export type Words = (subject: string, figure: string) => { readonly zh: string; readonly en: string };

/** What each finding says to a person: what is so, and what follows or is to be done. */
const WORDS: Readonly<Record<FoundCode, Words>> = {
  'redis-silent': () => ({
    zh: 'Redis 不应答：轮次无法下发，观测无法上送',
    en: 'Redis does not answer: no rounds are given out and no observations arrive',
  }),
  'database-silent': () => ({
    zh: 'PostgreSQL 不应答：状态不再记录，也不会通知任何人',
    en: 'PostgreSQL does not answer: nothing is recorded and nobody is told',
  }),
  'role-silent': (role) => ({ zh: `角色 ${role} 没有任何消息：它没有运行`, en: `nothing is heard of the role ${role}: it does not run` }),
  'role-failed': (role, detail) => ({
    zh: `角色 ${role} 故障${detail === '' ? '' : `：${detail}`}`,
    en: `the role ${role} has failed${detail === '' ? '' : `: ${detail}`}`,
  }),
  'role-degraded': (role, detail) => ({ zh: `角色 ${role} 工作不正常：${detail}`, en: `the role ${role} does its work badly: ${detail}` }),
  'ticks-overdue': (_, seconds) => ({
    zh: `节拍已逾期 ${seconds} 秒未关闭：调度停滞`,
    en: `a tick should have been closed ${seconds} s ago: the scheduler stands still`,
  }),
  'rounds-not-run': (name, due) => ({
    zh: `${name} 的 ${due} 个到期轮次无一执行：无人探测`,
    en: `none of the ${due} rounds of ${name} that came due was run: nobody looks`,
  }),
  'rounds-missed': (name, missed) => ({
    zh: `${name} 有 ${missed} 个轮次未执行：相应时间记为未知`,
    en: `${missed} ${missed === '1' ? 'round' : 'rounds'} of ${name} not run: that time is unknown`,
  }),
  'rounds-waiting': (queue, waiting) => ({
    zh: `队列 ${queue} 积压 ${waiting} 个轮次：采集能力不足`,
    en: `${waiting} rounds wait in ${queue}: there are too few collectors`,
  }),
  'vantage-blind': (name) => ({
    zh: `${name} 的探测点看不见网络：锚点均不应答，其对象为未知`,
    en: `the vantage of ${name} cannot see the network: no anchor answers, and its objects are unknown`,
  }),
  'judging-stalled': (_, seconds) => ({
    zh: `已 ${seconds} 秒没有提交判断：状态停留在此前`,
    en: `no judgement has been committed for ${seconds} s: states stand still`,
  }),
  'judging-behind': (_, seconds) => ({ zh: `判断滞后 ${seconds} 秒`, en: `judging is ${seconds} s behind what was seen` }),
  'samples-behind': (_, seconds) => ({
    zh: `样本入库滞后 ${seconds} 秒：曲线不是最新，告警不受影响`,
    en: `samples are stored ${seconds} s late: curves are not up to date, alerts are`,
  }),
  'samples-dropped': (_, dropped) => ({
    zh: `${dropped} 批样本超出预算被丢弃`,
    en: `${dropped} batches of samples fell out of the budget before they were stored`,
  }),
  'store-failing': (engine, failures) => ({
    zh: `样本库${engine === '' ? '' : ` ${engine}`} 写入失败 ${failures} 次，样本暂存待写`,
    en: `the sample store${engine === '' ? '' : ` ${engine}`} failed ${failures} times; samples wait in their streams`,
  }),
  'alerts-stuck': (_, seconds) => ({
    zh: `告警停滞 ${seconds} 秒：有通知未发出`,
    en: `alerting has stood still for ${seconds} s: there is something to tell that nobody is told`,
  }),
  'deliveries-dead': (_, dead) => ({
    zh: `近一日有 ${dead} 条通知投递失败并已放弃：见 /api/v1/deliveries?state=dead`,
    en: `${dead} notifications of the last day could not be delivered: see /api/v1/deliveries?state=dead`,
  }),
  'clock-differs': (instance, ms) => ({
    zh: `${instance === '' ? '本机' : instance} 的时钟与 Redis 相差 ${ms} 毫秒`,
    en: `the clock of ${instance === '' ? 'this host' : instance} differs from Redis's by ${ms} ms`,
  }),
  'disk-low': (_, free) => ({ zh: `数据目录所在磁盘仅剩 ${free} MiB`, en: `only ${free} MiB are free on the disk of the data directory` }),
  'redis-evicts': () => ({
    zh: 'Redis 会在内存不足时丢弃数据：请设 maxmemory-policy noeviction',
    en: 'Redis would evict what we need when memory runs short: set maxmemory-policy noeviction',
  }),
  'redis-full': (_, limit) => ({
    zh: `Redis 的内存将达上限 ${limit} MiB`,
    en: `Redis is close to its memory limit of ${limit} MiB`,
  }),
  'redis-not-persisting': () => ({
    zh: 'Redis 写追加文件失败：断电会丢数据',
    en: 'Redis cannot write its append-only file: a power cut would lose data',
  }),
  ...FEDERATION_WORDS,
};

export function wordsOf(code: FoundCode, subject: string | null, figure: string): { zh: string; en: string } {
  return WORDS[code](subject ?? '', figure);
}

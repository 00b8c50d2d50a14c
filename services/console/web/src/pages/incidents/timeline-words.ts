/** Every kind of line of a timeline in words, in both languages. */
import type { TimelineKind } from '@beacontower/contracts';
import { defineWords } from '../../i18n/language.tsx';
import type { LineFacts } from './timeline-facts.ts';

/** What the words of a line need beside its facts. */
export interface Telling {
  /** Of a severity, a step of telling, a cause category: its word. */
  readonly severity: (severity: string | null) => string;
  readonly step: (step: string | null) => string;
  readonly category: (code: string) => string;
  /** A moment of epoch ms in the zone of the node. */
  readonly time: (at: number) => string;
  readonly list: (names: readonly string[]) => string;
}
type Line = (facts: LineFacts, tell: Telling) => string;
type Lines = Record<TimelineKind, Line>;

const zhReason: Readonly<Record<string, string>> = {
  'no-parents': '它没有上级',
  'parents-serve': '其上级正常，不能归因于上级',
  'look-unanswered': '上级未能及时复核',
  'over-before-decided': '判定之前已恢复，仅作记录',
  'split-by-hand': '由人工拆分',
  'condition-holds': '条件成立',
  'budget-burns': '误差预算消耗过快',
  flapping: '反复起落',
  'not-heard': '收不到其报送',
  'heard-again': '再次收到其报送',
  'home-forgot': '开立它的节点从备份恢复，已不记得',
  serves: '已恢复服务',
  recovered: '已恢复',
  retired: '已从配置中移除',
  unwatched: '不再监测',
  steady: '已恢复稳定',
  'alerts-on-its-own': '另有原因，单独告警',
  'behind-another-cause': '现由另一起中断解释',
  'no-route-applies': '没有适用的告知路由',
  'routes-name-nobody': '适用的路由没有指明任何人',
  'step-names-nobody': '该升级步骤没有指明任何人',
  'routing-failed': '路由出错',
  'no-contact-has-this-account': '没有联系人使用该账号',
  'circuit-open': '该通道处于熔断',
  failing: '该通道持续故障',
  refused: '被接收方拒绝',
  exhausted: '尝试次数用尽',
};
const enReason: Readonly<Record<string, string>> = {
  'no-parents': 'it has no parents',
  'parents-serve': 'its parents serve, so it is no consequence of theirs',
  'look-unanswered': 'its parents could not be looked at in time',
  'over-before-decided': 'over before it was decided: for the record only',
  'split-by-hand': 'split by hand',
  'condition-holds': 'its condition holds',
  'budget-burns': 'the error budget burns too fast',
  flapping: 'it comes and goes',
  'not-heard': 'nothing of it is received',
  'heard-again': 'it is heard again',
  'home-forgot': 'the node that opened it was restored and does not know it any more',
  serves: 'it serves again',
  recovered: 'recovered',
  retired: 'taken out of the configuration',
  unwatched: 'watched no more',
  steady: 'steady again',
  'alerts-on-its-own': 'it has a cause of its own and alarms by itself',
  'behind-another-cause': 'explained by another outage now',
  'no-route-applies': 'no route applies',
  'routes-name-nobody': 'the routes that apply name nobody',
  'step-names-nobody': 'this step of the escalation names nobody',
  'routing-failed': 'routing failed',
  'no-contact-has-this-account': 'no contact has this account',
  'circuit-open': 'its breaker is open',
  failing: 'it keeps failing',
  refused: 'the receiver refused',
  exhausted: 'all attempts were used up',
};

const zhWhy = (reason: string | null): string => (reason === null ? '' : `（${zhReason[reason] ?? reason}）`);
const enWhy = (reason: string | null): string => (reason === null ? '' : ` (${enReason[reason] ?? reason})`);
const hash = (number: number | null): string => (number === null ? '' : ` #${number} `);
const zhWith = ({ with: other }: LineFacts): string => (other === null ? '' : `（随 #${other} 一并）`);
const enWith = ({ with: other }: LineFacts): string => (other === null ? '' : ` (with #${other})`);

const zhStates: Readonly<Record<string, string>> = { up: '正常', degraded: '质量劣化', down: '中断', unknown: '状态未知' };
const zhSeen = (landing: LineFacts['landing']): string =>
  landing.map(({ name, state }) => `${name} ${zhStates[state] ?? state}`).join('、');
const enSeen = (landing: LineFacts['landing']): string => landing.map(({ name, nameEn, state }) => `${nameEn ?? name} ${state}`).join(', ');

const zh: Lines = {
  opened: ({ reason, severity, share, changes, landing }, tell) =>
    `产生，级别${tell.severity(severity)}${zhWhy(reason)}${share === null ? '' : `，最近 ${changes ?? '?'} 次变化，占比 ${Math.floor(share * 100)}%`}${landing.length === 0 ? '' : `；本级探测所见：${zhSeen(landing)}`}`,
  landing: ({ landing }) => `本级探测所见：${landing.length === 0 ? '无' : zhSeen(landing)}`,
  escalated: ({ reason, severity }, tell) => `加重为${tell.severity(severity)}${zhWhy(reason)}`,
  joined: ({ count }) => `${count} 个对象受其影响`,
  left: ({ count, reason }) => `${count} 个对象不再归于它${zhWhy(reason)}`,
  'cause-unknown': () => '起因对象已无人观测，状态未知',
  'cause-seen-again': () => '起因对象重新被观测到',
  'cause-eased': () => '起因减轻',
  'cause-worse': () => '起因加重',
  'behind-another-cause': () => '现由另一起中断解释',
  captured: ({ done, failed }) => `现场留存完成：${done} 项${failed > 0 ? `，${failed} 项未取得` : ''}`,
  resolved: ({ actor, reason }) => (actor === 'system' ? `已恢复${zhWhy(reason)}` : `${actor} 人工恢复`),
  acknowledged: (facts) => `${facts.actor} 受理${zhWith(facts)}`,
  assigned: ({ actor, to }) => (to === actor ? `${actor} 接手` : `${actor} 转派给 ${to ?? '？'}，等待对方接受`),
  accepted: ({ actor, from }) => `${actor} 接受转派${from === null ? '' : `，自 ${from} 手中`}`,
  declined: ({ actor, to, owner }) =>
    to !== null && to !== actor && owner === actor ? `${actor} 收回给 ${to} 的转派` : `${actor} 拒绝转派，仍由 ${owner ?? '无人'} 负责`,
  commented: ({ actor }) => `${actor} 评论`,
  merged: ({ actor, number }) => `${actor} 将其并入${hash(number)}`,
  'merged-from': ({ actor, number }) => `${actor} 将${hash(number)}并入本事件`,
  unmerged: ({ actor }) => `${actor} 将其移出合并，恢复单独处置`,
  'unmerged-from': ({ actor, number }) => `${actor} 将${hash(number)}移出本事件`,
  'split-asked': ({ actor, count }) => `${actor} 要求拆分 ${count} 个对象`,
  split: () => '一个对象已拆分为独立事件',
  'split-refused': () => '未拆分：其时它已不是症状',
  closed: (facts, tell) =>
    `${facts.actor} 关闭${zhWith(facts)}${facts.category === null ? '' : `，原因：${tell.category(facts.category)}`}${
      facts.party === undefined ? '' : `，责任方：${facts.party ?? '起因对象自身的责任方'}`
    }`,
  reopened: (facts) => `${facts.actor} 重开${zhWith(facts)}`,
  'delivery-retried': ({ actor, step }, tell) => `${actor} 要求重新发送“${tell.step(step)}”`,
  'nobody-on-duty': ({ rotas, step }, tell) => `无人值班：${tell.list(rotas)}（${tell.step(step)}）`,
  'told-by-default': ({ contacts, step }, tell) => `没有其他路由适用，按默认路由告知 ${tell.list(contacts)}（${tell.step(step)}）`,
  'nobody-told': ({ step, reason, rotas, unknown }, tell) =>
    `没有告知任何人：${tell.step(step)}${zhWhy(reason)}${rotas.length > 0 ? `，无人值班：${tell.list(rotas)}` : ''}${
      unknown.length > 0 ? `，未配置：${tell.list(unknown)}` : ''
    }`,
  'assignee-not-told': ({ to, reason }) => `${to ?? '被转派者'} 未被告知${zhWhy(reason)}`,
  unacknowledged: ({ contacts, escalation, stepNumber }, tell) =>
    `无人受理，升级 ${escalation ?? ''} 第 ${(stepNumber ?? 0) + 1} 步：${contacts.length > 0 ? `告知 ${tell.list(contacts)}` : '无人可告知'}`,
  'respond-soon': ({ deadline }, tell) => `响应期限将至${deadline === null ? '' : `：${tell.time(deadline)}`}`,
  'respond-late': ({ deadline }, tell) => `响应超时${deadline === null ? '' : `：期限 ${tell.time(deadline)}`}`,
  'repair-soon': ({ deadline }, tell) => `修复期限将至${deadline === null ? '' : `：${tell.time(deadline)}`}`,
  'repair-late': ({ deadline }, tell) => `修复超时${deadline === null ? '' : `：期限 ${tell.time(deadline)}`}`,
  released: () => '被扣留的通知已放行',
  'delivery-diverted': ({ contact, from, to, why }) =>
    `发给 ${contact ?? '？'} 的通知由通道 ${from ?? '？'} 改走 ${to ?? '？'}${zhWhy(why)}`,
  'asked-above': ({ actor }) => `${actor} 上报上级，请求处置`,
  'handed-down': ({ actor, node }) => `${actor} 交下级 ${node ?? '？'} 处置，等待对方接受`,
  'hand-over-accepted': ({ actor, from }) => `${actor} 接受 ${from ?? '上级'} 交办`,
  'hand-over-withdrawn': ({ actor, node }) => `${actor} 收回给 ${node ?? '下级'} 的交办`,
  'hand-over-declined': ({ actor, from }) => `${actor} 退回 ${from ?? '上级'} 交办`,
};

const objects = (count: number): string => `${count} object${count === 1 ? '' : 's'}`;
const en: Lines = {
  opened: ({ reason, severity, share, changes, landing }, tell) =>
    `Opened as ${tell.severity(severity)}${enWhy(reason)}${share === null ? '' : `, ${changes ?? '?'} recent changes, a share of ${Math.floor(share * 100)}%`}${landing.length === 0 ? '' : `; seen from here: ${enSeen(landing)}`}`,
  landing: ({ landing }) => `Seen from here: ${landing.length === 0 ? 'nothing' : enSeen(landing)}`,
  escalated: ({ reason, severity }, tell) => `Became ${tell.severity(severity)}${enWhy(reason)}`,
  joined: ({ count }) => `${objects(count)} affected by it`,
  left: ({ count, reason }) => `${objects(count)} affected by it no more${enWhy(reason)}`,
  'cause-unknown': () => 'Nobody sees its cause any more: its state is unknown',
  'cause-seen-again': () => 'Its cause is seen again',
  'cause-eased': () => 'Its cause eased',
  'cause-worse': () => 'Its cause got worse',
  'behind-another-cause': () => 'Explained by another outage now',
  captured: ({ done, failed }) => `Looked at the moment of the failure: ${done} captured${failed > 0 ? `, ${failed} failed` : ''}`,
  resolved: ({ actor, reason }) => (actor === 'system' ? `Resolved${enWhy(reason)}` : `${actor} resolved it by hand`),
  acknowledged: (facts) => `${facts.actor} acknowledged it${enWith(facts)}`,
  assigned: ({ actor, to }) => (to === actor ? `${actor} took it` : `${actor} offered it to ${to ?? '?'}, who has yet to accept`),
  accepted: ({ actor, from }) => `${actor} accepted it${from === null ? '' : ` from ${from}`}`,
  declined: ({ actor, to, owner }) =>
    to !== null && to !== actor && owner === actor
      ? `${actor} took back the offer to ${to}`
      : `${actor} declined; ${owner ?? 'nobody'} keeps it`,
  commented: ({ actor }) => `${actor} commented`,
  merged: ({ actor, number }) => `${actor} merged it into${hash(number).trimEnd()}`,
  'merged-from': ({ actor, number }) => `${actor} merged${hash(number)}into it`,
  unmerged: ({ actor }) => `${actor} took it out of its merge: it is worked on by itself again`,
  'unmerged-from': ({ actor, number }) => `${actor} took${hash(number)}out of it`,
  'split-asked': ({ actor, count }) => `${actor} asked to split off ${objects(count)}`,
  split: () => 'An object became an incident of its own',
  'split-refused': () => 'Not split off: it was no symptom any more',
  closed: (facts, tell) =>
    `${facts.actor} closed it${enWith(facts)}${facts.category === null ? '' : `, cause: ${tell.category(facts.category)}`}${
      facts.party === undefined ? '' : `, charged to ${facts.party ?? 'the party of its cause'}`
    }`,
  reopened: (facts) => `${facts.actor} reopened it${enWith(facts)}`,
  'delivery-retried': ({ actor, step }, tell) => `${actor} had “${tell.step(step)}” sent again`,
  'nobody-on-duty': ({ rotas, step }, tell) => `Nobody on duty: ${tell.list(rotas)} (${tell.step(step)})`,
  'told-by-default': ({ contacts, step }, tell) => `No other route applies; told by default: ${tell.list(contacts)} (${tell.step(step)})`,
  'nobody-told': ({ step, reason, rotas, unknown }, tell) =>
    `Nobody was told: ${tell.step(step)}${enWhy(reason)}${rotas.length > 0 ? `, nobody on duty: ${tell.list(rotas)}` : ''}${
      unknown.length > 0 ? `, not configured: ${tell.list(unknown)}` : ''
    }`,
  'assignee-not-told': ({ to, reason }) => `${to ?? 'The assignee'} was not told${enWhy(reason)}`,
  unacknowledged: ({ contacts, escalation, stepNumber }, tell) =>
    `Nobody acknowledged: step ${(stepNumber ?? 0) + 1} of escalation ${escalation ?? ''}, ${
      contacts.length > 0 ? `told ${tell.list(contacts)}` : 'nobody to tell'
    }`,
  'respond-soon': ({ deadline }, tell) => `A response is due soon${deadline === null ? '' : `: ${tell.time(deadline)}`}`,
  'respond-late': ({ deadline }, tell) => `The response is late${deadline === null ? '' : `: it was due ${tell.time(deadline)}`}`,
  'repair-soon': ({ deadline }, tell) => `Its repair is due soon${deadline === null ? '' : `: ${tell.time(deadline)}`}`,
  'repair-late': ({ deadline }, tell) => `Its repair is late${deadline === null ? '' : `: it was due ${tell.time(deadline)}`}`,
  released: () => 'What was withheld was let go',
  'delivery-diverted': ({ contact, from, to, why }) =>
    `The message to ${contact ?? '?'} went by ${to ?? '?'} instead of ${from ?? '?'}${enWhy(why)}`,
  'asked-above': ({ actor }) => `${actor} asked the tier above to act`,
  'handed-down': ({ actor, node }) => `${actor} handed it down to ${node ?? '?'}, who has yet to accept`,
  'hand-over-accepted': ({ actor, from }) => `${actor} accepted it from ${from ?? 'the tier above'}`,
  'hand-over-withdrawn': ({ actor, node }) => `${actor} took it back from ${node ?? 'the node below'}`,
  'hand-over-declined': ({ actor, from }) => `${actor} sent it back to ${from ?? 'the tier above'}`,
};

/** A line of every kind there is, by language. */
export const TIMELINE_LINES = { zh, en } as const;

/** A line in words; a kind this build does not know is shown by its name: better than nothing. */
export function lineText(kind: string, facts: LineFacts, language: 'zh' | 'en', tell: Telling): string {
  const line = (TIMELINE_LINES[language] as Readonly<Record<string, Line | undefined>>)[kind];
  return line === undefined ? `${kind} · ${facts.actor}` : line(facts, tell);
}

/** Steps of telling. */
export const STEPS = defineWords({
  zh: {
    opened: '产生',
    escalated: '加重',
    repeated: '重复提醒',
    unacknowledged: '无人受理升级',
    assigned: '转派',
    'respond-soon': '响应期限将至',
    'respond-late': '响应超时',
    'repair-soon': '修复期限将至',
    'repair-late': '修复超时',
    duty: '接班告知',
    merged: '合并',
    resolved: '恢复',
  },
  en: {
    opened: 'opened',
    escalated: 'escalated',
    repeated: 'reminder',
    unacknowledged: 'escalation',
    assigned: 'assignment',
    'respond-soon': 'response due soon',
    'respond-late': 'response late',
    'repair-soon': 'repair due soon',
    'repair-late': 'repair late',
    duty: 'coming on duty',
    merged: 'merged',
    resolved: 'resolved',
  },
});

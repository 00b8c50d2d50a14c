/** The words of `beacontower alert`, in both languages. */
import type { Language, RotaSchedule, RoutingExplanationView } from '@beacontower/contracts';

type Verdict = RoutingExplanationView['routes'][number]['verdict'];
type NotTold = RoutingExplanationView['notTold'][number]['why'];
type Withheld = NonNullable<RoutingExplanationView['told'][number]['withheld']>['reason'];
type Because = RotaSchedule['spans'][number]['because'];

interface Words {
  readonly verdicts: Readonly<Record<Verdict, string>>;
  readonly kinds: Readonly<Record<RoutingExplanationView['event']['kind'], string>>;
  readonly severities: Readonly<Record<RoutingExplanationView['event']['severity'], string>>;
  readonly classes: Readonly<Record<RoutingExplanationView['event']['class'], string>>;
  readonly notTold: Readonly<Record<NotTold, string>>;
  readonly withheld: Readonly<Record<Withheld, string>>;
  readonly duties: Readonly<Record<Because, string>>;
  readonly headings: Readonly<Record<'routes' | 'told' | 'later' | 'notTold', string>>;
  readonly anEvent: string;
  readonly noRoutes: string;
  readonly nobody: string;
  readonly nobodyWord: string;
  readonly offline: string;
  readonly until: (when: string) => string;
  readonly untilUnknown: string;
  readonly byRoute: (route: string) => string;
  readonly byDefault: (route: string) => string;
  readonly onDutyIn: (rota: string) => string;
  readonly insteadOf: (rota: string) => string;
  readonly step: (number: number, escalation: string) => string;
  readonly otherwise: (places: string) => string;
  readonly grouped: string;
  readonly goes: (when: string) => string;
  readonly notConfigured: string;
  readonly repeats: (every: string, route: string) => string;
  readonly clock: (which: 'respond' | 'repair', due: string, warning: string) => string;
  readonly unmanned: (rotas: string) => string;
  readonly unknown: (names: string) => string;
  readonly ofRoute: (route: string) => string;
  readonly ofRota: (rota: string) => string;
  readonly now: (who: string, why: string, until: string | null) => string;
  readonly next: (who: string, when: string) => string;
  readonly noRotas: string;
  readonly gap: (from: string, to: string) => string;
  readonly join: string;
  readonly colon: string;
  readonly brackets: (text: string) => string;
  readonly severe: (severity: string, kind: string) => string;
}

export const ALERT_WORDS: Readonly<Record<Language, Words>> = {
  en: {
    verdicts: {
      matches: 'applies',
      'by-default': 'applies, since nobody would be told otherwise or nobody is on duty',
      'other-severity': 'is for other severities',
      'other-class': 'is for other classes',
      'other-division': 'is for other divisions',
      'other-party': 'is for other parties',
      'other-kind': 'is for other kinds of incidents',
      'outside-calendar': 'is for the hours of its calendar alone',
      'inside-calendar': 'is for the hours outside its calendar alone',
      'after-final': 'is not asked: an earlier one that applies is final',
      'default-not-needed': 'is the default, and others apply',
    },
    kinds: { outage: 'outage', 'early-warning': 'early warning', condition: 'condition', flapping: 'flapping', link: 'node not heard' },
    severities: { critical: 'critical', major: 'major', minor: 'minor', warning: 'warning' },
    classes: { backbone: 'backbone', 'user-access': 'user access', 'internet-exit': 'Internet exit', other: 'other' },
    notTold: {
      'not-named': 'no route names them',
      'route-does-not-apply': 'named only by a route that does not apply',
      'not-on-duty': 'not on duty then',
      'only-when-nobody-acknowledges': 'told later, when nobody acknowledges',
    },
    withheld: {
      merged: 'merged into incident',
      flapping: 'flapping, incident',
      silence: 'silence',
      maintenance: 'planned work',
      'quiet-hours': 'quiet hours',
    },
    duties: { override: 'stands in', layer: 'on duty', otherwise: 'nobody on duty; told instead', nobody: 'nobody' },
    headings: { routes: 'Routes, in order', told: 'Told', later: 'Told while nobody acknowledges', notTold: 'Not told' },
    anEvent: 'an event',
    noRoutes: 'there are none',
    nobody: 'NOBODY: no route applies or whom they name is not there, and there is no default route',
    nobodyWord: 'nobody',
    offline: 'From files: silences, planned work, overrides made by hand and flapping are not known.',
    until: (when) => `until ${when}`,
    untilUnknown: 'nobody knows until when',
    byRoute: (route) => `route ${route}`,
    byDefault: (route) => `default route ${route}`,
    onDutyIn: (rota) => `on duty in ${rota}`,
    insteadOf: (rota) => `since nobody is on duty in ${rota}`,
    step: (number, escalation) => `step ${number} of ${escalation}`,
    otherwise: (places) => `; while that stays down: ${places}`,
    grouped: 'gathered with others',
    goes: (when) => `goes at ${when}`,
    notConfigured: 'NOT CONFIGURED',
    repeats: (every, route) => `again every ${every} (route ${route})`,
    clock: (which, due, warning) => `${which === 'respond' ? 'To be answered for' : 'To be repaired'} by ${due}, warning at ${warning}`,
    unmanned: (rotas) => `Nobody is on duty in: ${rotas}`,
    unknown: (names) => `Named and not configured: ${names}`,
    ofRoute: (route) => `route ${route}`,
    ofRota: (rota) => `rota ${rota}`,
    now: (who, why, until) => `${who}: ${why}${until === null ? '' : `, until ${until}`}`,
    next: (who, when) => `then ${who} from ${when}`,
    noRotas: 'there are no rotas',
    gap: (from, to) => `NOBODY from ${from} to ${to}`,
    join: ', ',
    colon: ': ',
    brackets: (text) => ` (${text})`,
    severe: (severity, kind) => `${severity} ${kind}`,
  },
  zh: {
    verdicts: {
      matches: '适用',
      'by-default': '适用：否则无人接收，或无人值班',
      'other-severity': '仅用于其他级别',
      'other-class': '仅用于其他类别',
      'other-division': '仅用于其他区划',
      'other-party': '仅用于其他责任方',
      'other-kind': '仅用于其他种类的事件',
      'outside-calendar': '仅在其日历时段内适用',
      'inside-calendar': '仅在其日历时段外适用',
      'after-final': '不再匹配：前面适用的路由为 final',
      'default-not-needed': '为缺省路由，已有其他路由适用',
    },
    kinds: { outage: '中断', 'early-warning': '预警', condition: '条件告警', flapping: '抖动', link: '节点失联' },
    severities: { critical: '紧急', major: '重要', minor: '次要', warning: '警告' },
    classes: { backbone: '骨干', 'user-access': '用户接入', 'internet-exit': '互联网出口', other: '其他' },
    notTold: {
      'not-named': '没有路由指定',
      'route-does-not-apply': '仅由不适用的路由指定',
      'not-on-duty': '届时不当班',
      'only-when-nobody-acknowledges': '无人确认时稍后通知',
    },
    withheld: { merged: '已并入事件', flapping: '抖动，事件', silence: '静默', maintenance: '计划检修', 'quiet-hours': '免打扰时段' },
    duties: { override: '替班', layer: '值班', otherwise: '无人值班，改为通知', nobody: '无人' },
    headings: { routes: '路由（按顺序）', told: '通知', later: '无人确认时的后续通知', notTold: '不通知' },
    anEvent: '某事件',
    noRoutes: '没有路由',
    nobody: '无人接收：没有适用的路由，或其指定的人不存在，且没有缺省路由',
    nobodyWord: '无人',
    offline: '取自文件：不含静默、计划检修、手工替班与抖动。',
    until: (when) => `至 ${when}`,
    untilUnknown: '结束时间未知',
    byRoute: (route) => `路由 ${route}`,
    byDefault: (route) => `缺省路由 ${route}`,
    onDutyIn: (rota) => `${rota} 值班`,
    insteadOf: (rota) => `因 ${rota} 无人值班`,
    step: (number, escalation) => `${escalation} 第 ${number} 步`,
    otherwise: (places) => `；该通道持续不可用时改用：${places}`,
    grouped: '与其他消息合并',
    goes: (when) => `${when} 发出`,
    notConfigured: '未配置',
    repeats: (every, route) => `每 ${every} 重复（路由 ${route}）`,
    clock: (which, due, warning) => `${which === 'respond' ? '响应' : '修复'}时限 ${due}，${warning} 预警`,
    unmanned: (rotas) => `无人值班：${rotas}`,
    unknown: (names) => `已指定但未配置：${names}`,
    ofRoute: (route) => `路由 ${route}`,
    ofRota: (rota) => `值班表 ${rota}`,
    now: (who, why, until) => `${who}：${why}${until === null ? '' : `，至 ${until}`}`,
    next: (who, when) => `${when} 起由 ${who} 接班`,
    noRotas: '没有值班表',
    gap: (from, to) => `${from} 至 ${to} 无人`,
    join: '、',
    colon: '：',
    brackets: (text) => `（${text}）`,
    severe: (severity, kind) => `${severity}${kind}`,
  },
};

/** A time of an answer on the local clock: `2026-03-10 20:00`. */
export function localTime(time: string, timeZone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return format.format(new Date(time));
}

/** `90 min`, `1 h`: whole hours as hours, else minutes, and seconds when it must be. */
export function spanWords(ms: number, language: Language): string {
  const [hours, minutes] = language === 'zh' ? ['小时', '分钟'] : ['h', 'min'];
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000} ${hours}`;
  return ms % 60_000 === 0 ? `${ms / 60_000} ${minutes}` : `${Math.round(ms / 1000)} s`;
}

export type { Words as AlertWords };

import type { IncidentSummary, RoleName } from '@beacontower/contracts';
import type { ObjectClass, ObjectKind, State } from '@beacontower/domain';
import { defineWords } from './language.tsx';

/** Words that more than one page uses. */
export const COMMON = defineWords({
  zh: {
    product: '烽台',
    loading: '正在读取…',
    retry: '重试',
    unreachable: '连不上节点',
    failed: '没有读到',
    none: '无',
    cancel: '取消',
    save: '保存',
    close: '关闭',
    more: '更多',
    all: '全部',
    search: '搜索',
    since: '自',
    noFigure: '尚无数据',
    states: { up: '正常', degraded: '劣化', down: '中断', unknown: '未知' } satisfies Record<State, string>,
    maintenance: '计划作业中',
    severities: { critical: '紧急', major: '重要', minor: '次要', warning: '警告' } satisfies Record<IncidentSummary['severity'], string>,
    incidentStates: { open: '待受理', acknowledged: '处理中', resolved: '已恢复', closed: '已关闭' } satisfies Record<
      IncidentSummary['state'],
      string
    >,
    incidentKinds: { outage: '中断', 'early-warning': '预算预警', condition: '指标异常', flapping: '反复起落' } satisfies Record<
      IncidentSummary['kind'],
      string
    >,
    verdicts: { met: '达标', missed: '未达标', undecided: '无法判定' },
    verdictsSoFar: { met: '目前达标', missed: '目前未达标', undecided: '目前无法判定' },
    kinds: {
      device: '设备',
      circuit: '线路',
      'access-line': '接入线路',
      'internet-exit': '互联网出口',
      service: '业务',
      site: '单位',
      interface: '接口',
    } satisfies Record<ObjectKind, string>,
    classes: { backbone: '广域骨干网', 'user-access': '用户接入', 'internet-exit': '互联网出口', other: '其他' } satisfies Record<
      ObjectClass,
      string
    >,
    roles: {
      viewer: '查看',
      operator: '值班员',
      'duty-manager': '值班长',
      'system-administrator': '系统管理员',
      'security-administrator': '安全管理员',
      'audit-administrator': '审计管理员',
    } satisfies Record<RoleName, string>,
  },
  en: {
    product: 'Beacontower',
    loading: 'Reading…',
    retry: 'Try again',
    unreachable: 'The node cannot be reached',
    failed: 'Could not be read',
    none: 'none',
    cancel: 'Cancel',
    save: 'Save',
    close: 'Close',
    more: 'More',
    all: 'All',
    search: 'Search',
    since: 'since',
    noFigure: 'no figure yet',
    states: { up: 'up', degraded: 'degraded', down: 'down', unknown: 'unknown' },
    maintenance: 'planned work',
    severities: { critical: 'critical', major: 'major', minor: 'minor', warning: 'warning' },
    incidentStates: { open: 'open', acknowledged: 'acknowledged', resolved: 'resolved', closed: 'closed' },
    incidentKinds: { outage: 'outage', 'early-warning': 'budget warning', condition: 'condition', flapping: 'flapping' },
    verdicts: { met: 'met', missed: 'missed', undecided: 'undecided' },
    verdictsSoFar: { met: 'met so far', missed: 'missed so far', undecided: 'undecided so far' },
    kinds: {
      device: 'device',
      circuit: 'circuit',
      'access-line': 'access line',
      'internet-exit': 'Internet exit',
      service: 'service',
      site: 'unit',
      interface: 'interface',
    },
    classes: { backbone: 'backbone', 'user-access': 'user access', 'internet-exit': 'Internet exit', other: 'other' },
    roles: {
      viewer: 'viewer',
      operator: 'operator',
      'duty-manager': 'duty manager',
      'system-administrator': 'system administrator',
      'security-administrator': 'security administrator',
      'audit-administrator': 'audit administrator',
    },
  },
});

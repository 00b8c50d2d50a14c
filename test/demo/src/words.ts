/** The board's words. */
export type BoardLanguage = 'zh' | 'en';

export interface BoardWords {
  readonly title: string;
  readonly running: string;
  readonly loopback: string;
  readonly objects: string;
  readonly interfaces: (count: number) => string;
  readonly states: Readonly<Record<'up' | 'degraded' | 'down' | 'unknown', string>>;
  readonly objective: string;
  readonly availability: string;
  readonly bounds: string;
  readonly target: string;
  readonly verdict: string;
  readonly verdicts: Readonly<Record<'met' | 'missed' | 'undecided', string>>;
  readonly incidents: string;
  readonly severities: Readonly<Record<string, string>>;
  readonly since: string;
  readonly affected: string;
  readonly none: string;
  readonly events: string;
  readonly self: string;
  readonly selfStates: Readonly<Record<'starting' | 'ok' | 'degraded' | 'failed', string>>;
  readonly rounds: string;
  readonly missed: string;
  readonly reference: string;
  readonly token: string;
  readonly console: string;
  readonly signIn: string;
  readonly end: string;
  readonly starting: string;
  readonly stopping: string;
  readonly gone: string;
}

export const WORDS: Readonly<Record<BoardLanguage, BoardWords>> = {
  zh: {
    title: '烽台 Beacontower · 一台机器上的国家骨干网',
    running: '已运行',
    loopback: ' 无 root 权限：仅用回环地址，ICMP 目标不会中断，故障仅来自 SNMP',
    objects: '个对象',
    interfaces: (count) => `经 SNMP 发现 ${count} 个接口`,
    states: { up: '正常', degraded: '劣化', down: '中断', unknown: '未知' },
    objective: '可用率目标（自演示开始）',
    availability: '可用率',
    bounds: '下界 … 上界',
    target: '目标',
    verdict: '结论',
    verdicts: { met: '达标', missed: '未达标', undecided: '无法判定' },
    incidents: '未恢复的事件',
    severities: { critical: '紧急', major: '重要', minor: '次要', warning: '警告' },
    since: '起于',
    affected: '影响',
    none: '无',
    events: '最近发生',
    self: '自监测',
    selfStates: { starting: '正在启动', ok: '正常', degraded: '有异常', failed: '故障' },
    rounds: '轮次',
    missed: '缺失',
    reference: '接口文档',
    token: '令牌',
    console: '控制台',
    signIn: '登录',
    end: 'Ctrl-C 结束，不留任何痕迹',
    starting: '正在启动节点：中心与 32 个省级节点，34 台设备应答 SNMP …',
    stopping: '正在停止 …',
    gone: '已停止，未留下任何进程或网络',
  },
  en: {
    title: 'Beacontower 烽台 · a national backbone on one machine',
    running: 'running',
    loopback: ' no root: on the loopback alone no ICMP target ever fails, faults are those of SNMP only',
    objects: 'objects',
    interfaces: (count) => `${count} interfaces discovered by SNMP`,
    states: { up: 'up', degraded: 'degraded', down: 'down', unknown: 'unknown' },
    objective: 'objective, since begun',
    availability: 'availability',
    bounds: 'lowest … highest',
    target: 'target',
    verdict: 'verdict',
    verdicts: { met: 'met', missed: 'missed', undecided: 'undecided' },
    incidents: 'open incidents',
    severities: {},
    since: 'since',
    affected: 'affected',
    none: 'none',
    events: 'last events',
    self: 'self-monitoring',
    selfStates: { starting: 'starting', ok: 'ok', degraded: 'degraded', failed: 'failed' },
    rounds: 'rounds',
    missed: 'missed',
    reference: 'reference',
    token: 'token',
    console: 'console',
    signIn: 'sign in as',
    end: 'Ctrl-C ends it and leaves nothing behind',
    starting: 'starting the node: a centre and 32 provinces, 34 devices that answer SNMP …',
    stopping: 'stopping …',
    gone: 'stopped; no process and no network is left behind',
  },
};

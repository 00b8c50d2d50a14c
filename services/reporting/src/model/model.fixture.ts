import type { CoverageBlock } from './coverage-block.ts';
import type { DivisionRow, Named, ObjectiveReport, OutageRow, ReportFigure, ReportModel, SeriesPoint, WorstObject } from './model.ts';
import { PROVINCES } from './provinces.fixture.ts';

/** A half-year as a national node reports it: three objectives, 32 provinces, six months. The same every time. */
export function sampleReport(): ReportModel {
  return {
    kind: 'availability',
    id: '0197f0c8-6d3e-7000-8000-000000000001',
    title: { zh: '国家电子政务外网运行可用率报告', en: 'National E-Government Extranet: availability report' },
    period: PERIOD,
    previousPeriod: {
      from: Date.parse('2017-06-30T16:00:00Z'),
      to: FROM,
      label: '2017-H2',
      name: { zh: '2017年下半年', en: 'the second half of 2017' },
      timeZone: ZONE,
    },
    state: 'ended',
    asOf: Date.parse('2018-07-06T00:10:00Z'),
    division: named('cn', '全国', 'China'),
    node: { id: 'centre', name: '国家节点' },
    made: { at: Date.parse('2018-07-06T00:12:31Z'), by: 'schedule half-year', version: '0.1.0' },
    summary: {
      zh: '2018年上半年,用户接入网络平均可用率为99.91%,互联网出口平均可用率为99.97%,中央广域骨干网平均可用率为99.97%',
      en: 'In the first half of 2018, the average availability of user access was 99.91%, of the Internet exit 99.97% and of the central wide-area backbone 99.97%.',
    },
    coverageSummary: {
      zh: '截至2018年6月30日,省级覆盖率为100%,地市级覆盖率为100%,县级覆盖率为95.9%(含新疆生产建设兵团为96.1%)',
      en: 'At the end of 2018-06-30 the network reached 100% of the provinces, 100% of the cities and 95.9% of the counties (96.1% with the Corps counted in).',
    },
    remarks: [],
    objectives: [
      objective('user-access', '用户接入可用率', 'User access availability', '用户接入网络', 'user access', 0.999, 0.9991, 2851),
      objective('internet-exit', '互联网出口可用率', 'Internet exit availability', '互联网出口', 'the Internet exit', 0.9997, 0.9997, 3),
      objective(
        'backbone',
        '广域骨干网可用率',
        'Backbone availability',
        '中央广域骨干网',
        'the central wide-area backbone',
        0.9998,
        0.99972,
        64,
      ),
    ],
    plannedWork: {
      total: 2,
      items: [
        {
          id: '0197f0c8-0000-7000-8000-000000000010',
          title: '广东省骨干路由器软件升级',
          from: Date.parse('2018-03-10T17:00:00Z'),
          to: Date.parse('2018-03-10T21:00:00Z'),
          approvedAt: Date.parse('2018-03-08T02:00:00Z'),
          approvedBy: 'token ops',
          cancelledAt: null,
          excluded: true,
          covers: { items: [named('cn.gd', '广东省', 'Guangdong')], total: 1 },
        },
        {
          id: '0197f0c8-0000-7000-8000-000000000011',
          title: '出口防火墙更换（开始后才批准，不予扣除）',
          from: Date.parse('2018-05-12T16:00:00Z'),
          to: Date.parse('2018-05-12T18:00:00Z'),
          approvedAt: Date.parse('2018-05-12T16:20:00Z'),
          approvedBy: 'token ops',
          cancelledAt: null,
          excluded: false,
          covers: { items: [named('centre:exit-1', '互联网出口一', 'Internet exit 1')], total: 1 },
        },
      ],
    },
    revisions: [
      {
        objective: named('user-access', '用户接入可用率', 'User access availability'),
        version: 2,
        closedAt: Date.parse('2018-07-12T01:00:00Z'),
        closedBy: 'assessor',
        reason: '西藏自治区节点恢复上报，补充 7 天观测数据',
        before: 0.99912,
        after: 0.9991,
      },
    ],
    reclassifications: {
      total: 1,
      items: [
        {
          id: '0197f0c8-0000-7000-8000-000000000020',
          effect: 'charge',
          from: Date.parse('2018-04-02T03:00:00Z'),
          to: Date.parse('2018-04-02T04:00:00Z'),
          covers: { items: [named('cn.sc', '四川省', 'Sichuan')], total: 1 },
          party: named('carrier-a', '运营商甲', 'Carrier A'),
          reason: '光缆被施工挖断，运营商书面确认',
          recordedAt: Date.parse('2018-04-03T01:00:00Z'),
          recordedBy: 'token ops',
        },
      ],
    },
    coverage: COVERAGE,
    method: [
      {
        zh: '可用率 A = 正常时间 /（正常时间 + 中断时间）。降级计为正常；开始之前已批准的计划检修不计入；无人观测的时间既不计为正常也不计为中断。',
        en: 'Availability A = up / (up + down). Degraded counts as up; planned work approved before it began is excluded; time that nobody observed is neither up nor down.',
      },
    ],
    assumptions: [
      {
        zh: '【假设】新疆生产建设兵团县级单位按 150 个计，均已接入；公开资料未给出其数目。',
        en: '[Assumption] The Corps is taken to have 150 units of county level, all connected: published sources do not give their number.',
      },
    ],
  };
}

const ZONE = 'Asia/Shanghai';
const FROM = Date.parse('2017-12-31T16:00:00Z');
const TO = Date.parse('2018-06-30T16:00:00Z');
const PERIOD = { from: FROM, to: TO, label: '2018-H1', name: { zh: '2018年上半年', en: 'the first half of 2018' }, timeZone: ZONE };

const COVERAGE: CoverageBlock = {
  at: TO,
  list: { zh: '2018 年行政区划（示例）', en: 'divisions of 2018 (sample)' },
  levels: [
    { level: 'province', connected: 32, total: 32, fraction: 1, withCorps: null, previousConnected: 32 },
    { level: 'city', connected: 334, total: 334, fraction: 1, withCorps: null, previousConnected: 334 },
    {
      level: 'county',
      connected: 2734,
      total: 2851,
      fraction: 2734 / 2851,
      withCorps: { connected: 2884, total: 3001, fraction: 2884 / 3001 },
      previousConnected: 2698,
    },
  ],
  counts: [
    { what: 'central-units', count: 152, previous: 147 },
    { what: 'units', count: 243_000, previous: 236_410 },
    { what: 'terminals', count: 3_120_000, previous: null },
    { what: 'applications', count: 51, previous: 49 },
    { what: 'internet-exit-units', count: 24, previous: 22 },
  ],
};

function named(id: string, zh: string, en: string): Named {
  return { id, name: { zh, en } };
}

function figure(availability: number, target: number, members: number, from = FROM, to = TO, unobserved = 0): ReportFigure {
  const countedMs = (to - from) * members;
  const unknownMs = Math.round(countedMs * 0.0002);
  const downMs = Math.round((countedMs - unknownMs) * (1 - availability));
  const lowest = availability - 0.00023;
  const highest = Math.min(1, availability + 0.00001);
  return {
    availability,
    lowest,
    highest,
    verdict: lowest >= target ? 'met' : highest < target ? 'missed' : 'undecided',
    completeness: 0.9998,
    availabilityWithMaintenance: availability - 0.0001,
    members,
    unobserved,
    resolutionMs: 20_000,
    upMs: countedMs - unknownMs - downMs,
    downMs,
    unknownMs,
    excludedMs: 4 * 3_600_000,
    degradedMs: Math.round(countedMs * 0.001),
  };
}

function objective(
  id: 'user-access' | 'internet-exit' | 'backbone',
  zh: string,
  en: string,
  subjectZh: string,
  subjectEn: string,
  target: number,
  availability: number,
  members: number,
): ObjectiveReport {
  const whole = figure(availability, target, members);
  const budgetMs = (TO - FROM) * (1 - target);
  const consumedMs = (TO - FROM) * (1 - availability);
  const previous = figure(availability - 0.0003, target, members, Date.parse('2017-06-30T16:00:00Z'), FROM);
  return {
    id,
    name: { zh, en },
    subject: { zh: subjectZh, en: subjectEn },
    class: id,
    target,
    aggregate: 'mean',
    basis: 'experienced',
    calendar: named('always', '全天候', 'always'),
    timeZone: ZONE,
    formula: {
      zh: '平均可用率 = ΣA_i / n，n 为有观测数据的对象数；A = 正常时间 /（正常时间 + 中断时间）',
      en: 'arithmetic mean: sum(A_i) / n over the objects that were observed; A = up / (up + down)',
    },
    status:
      id === 'backbone'
        ? { kind: 'live', asOf: Date.parse('2018-07-06T00:10:00Z') }
        : {
            kind: 'closed',
            version: id === 'user-access' ? 2 : 1,
            closedAt: Date.parse('2018-07-06T00:00:00Z'),
            closedBy: 'assessor',
            knownUntil: Date.parse('2018-07-05T23:59:00Z'),
          },
    figure: whole,
    experienced: whole,
    responsible: figure(Math.min(1, availability + 0.0001), target, members),
    budget: { budgetMs, consumedMs, leftMs: budgetMs - consumedMs, leftFraction: (budgetMs - consumedMs) / budgetMs },
    previous: {
      figure: previous,
      status: { kind: 'closed', version: 1, closedAt: FROM, closedBy: 'assessor', knownUntil: FROM },
      difference: 0.0003,
    },
    series: series(availability, target, members),
    divisions: divisions(availability, target, members),
    worst: { items: worst(availability, target), total: 214 },
    outages: { items: outages(), total: 4_127 },
    causes: [
      { cause: named('fibre', '光缆中断', 'Fibre cut'), outages: 1_840, downMs: Math.round(whole.downMs * 0.52), share: 0.52 },
      { cause: named('power', '供电故障', 'Power'), outages: 1_210, downMs: Math.round(whole.downMs * 0.31), share: 0.31 },
      { cause: named('equipment', '设备故障', 'Equipment'), outages: 700, downMs: Math.round(whole.downMs * 0.12), share: 0.12 },
      { cause: null, outages: 377, downMs: Math.round(whole.downMs * 0.05), share: 0.05 },
    ],
    parties: [
      { party: named('carrier-a', '运营商甲', 'Carrier A'), outages: 1_840, downMs: Math.round(whole.downMs * 0.6), share: 0.6 },
      {
        party: named('gd-ops', '广东省运维中心', 'Guangdong operations'),
        outages: 1_910,
        downMs: Math.round(whole.downMs * 0.35),
        share: 0.35,
      },
      { party: null, outages: 377, downMs: Math.round(whole.downMs * 0.05), share: 0.05 },
    ],
    unknown: {
      total: 1,
      items: [
        {
          object: named('centre:xz-lhasa', '拉萨市接入', 'Lhasa access'),
          division: named('cn.xz', '西藏自治区', 'Tibet'),
          unknownMs: 52_000_000,
          completeness: 0.9967,
        },
      ],
    },
    revisions: [],
    remarks:
      id === 'internet-exit' ? [{ zh: '其中 1 个对象在本期内启用。', en: 'One of the objects was commissioned within the period.' }] : [],
  };
}

function series(availability: number, target: number, members: number): SeriesPoint[] {
  const starts = ['2018-01', '2018-02', '2018-03', '2018-04', '2018-05', '2018-06', '2018-07'].map((label) =>
    Date.parse(`${label}-01T00:00:00+08:00`),
  );
  return [0.0002, -0.0003, 0.0001, -0.0001, 0.0002, -0.0001].map((off, month) => {
    const from = starts[month] ?? FROM;
    const to = starts[month + 1] ?? TO;
    return { label: `2018-0${month + 1}`, from, to, figure: figure(availability + off, target, members, from, to) };
  });
}

function divisions(availability: number, target: number, members: number): DivisionRow[] {
  return PROVINCES.map(([id, zh, en], index) => {
    const own = Math.min(1, availability + ((index * 7) % 11) * 0.00005 - 0.00025);
    const difference = ((index * 5) % 7) * 0.0001 - 0.0003;
    const isDark = id === 'xz';
    const row = figure(own, target, Math.max(1, Math.round(members / 32)), FROM, TO, isDark ? 1 : 0);
    return {
      division: named(`cn.${id}`, zh, en),
      figure: isDark ? { ...row, availability: null, lowest: 0, highest: 1, verdict: 'undecided', completeness: 0 } : row,
      other: figure(Math.min(1, own + 0.0001), target, row.members),
      previous: isDark ? null : own - difference,
      difference: isDark ? null : difference,
    };
  });
}

function worst(availability: number, target: number): WorstObject[] {
  return PROVINCES.slice(0, 20).map(([id, zh, en], index) => ({
    object: named(`centre:${id}-county-${index}`, `${zh}第${index + 1}县接入线路`, `${en} county ${index + 1} access`),
    division: named(`cn.${id}`, zh, en),
    party: index % 3 === 0 ? null : named('carrier-a', '运营商甲', 'Carrier A'),
    figure: figure(availability - 0.02 / (index + 1), target, 1),
    outages: 30 - index,
    longestMs: 7_200_000 - index * 300_000,
  }));
}

function outages(): OutageRow[] {
  return Array.from({ length: 50 }, (_, index) => {
    const [id, zh, en] = PROVINCES[index % PROVINCES.length] ?? ['gd', '广东省', 'Guangdong'];
    const from = FROM + index * 3 * 86_400_000 + 5_400_000;
    const countedMs = 14_400_000 - index * 240_000;
    return {
      object: named(`centre:${id}-county-${index}`, `${zh}第${index + 1}县接入线路`, `${en} county ${index + 1} access`),
      division: named(`cn.${id}`, zh, en),
      from,
      to: from + countedMs,
      ongoing: false,
      countedMs,
      uncertaintyMs: 20_000,
      reason: 'no-reply',
      cause: index % 4 === 3 ? null : named('fibre', '光缆中断', 'Fibre cut'),
      party: named('carrier-a', '运营商甲', 'Carrier A'),
      incident: index % 5 === 4 ? null : 1000 + index,
      reclassification: null,
    };
  });
}

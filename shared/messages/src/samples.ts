import { type IncidentKind, NOTICE_STEPS, type NoticeStep } from '@beacontower/contracts';
import type { IncidentMessage } from './message.ts';
import type { NoticePart } from './parts.ts';
import type { Language } from './wording.ts';

type Incident = IncidentMessage['incident'];

const TIMES = {
  startedAt: '2026-11-22T02:40:05.000Z',
  startedEarliest: '2026-11-22T02:40:00.000Z',
  startedLatest: '2026-11-22T02:40:10.000Z',
  openedAt: '2026-11-22T02:40:12.000Z',
};

const NOTICES: Partial<Record<NoticeStep, NoticePart>> = {
  unacknowledged: { route: 'backbone', escalation: 'backbone', stepNumber: 1 },
  assigned: { to: 'li.si', by: 'wang.wu', note: 'OTDR' },
  duty: { rota: 'noc', contact: 'noc-night' },
  merged: { into: 41 },
};

/** A made-up message of a kind and step, with every fact that such a message may have: templates are tried and previewed with it. */
export function sampleMessage(kind: IncidentKind, step: NoticeStep, language: Language): IncidentMessage {
  const resolved = step === 'resolved';
  const notice = NOTICES[step];
  return {
    id: '0b6d8c0e-6a4b-8f00-9d3c-1f2e3d4c5b6a',
    type: `incident.${step}`,
    time: resolved ? '2026-11-22T03:52:10.000Z' : '2026-11-22T02:40:12.000Z',
    node: 'gd',
    incident: {
      id: '6f1e2d3c-4b5a-8978-8695-a4b3c2d1e0f0',
      number: 42,
      kind,
      state: resolved ? 'resolved' : 'open',
      severity: 'critical',
      division: 'cn.gd',
      divisionName: language === 'zh' ? '广东省' : 'Guangdong',
      party: 'gd-noc',
      partyName: language === 'zh' ? '广东省运维中心' : 'Guangdong NOC',
      ...TIMES,
      resolvedAt: resolved ? '2026-11-22T03:52:05.000Z' : null,
      resolution: resolved ? 'recovered' : null,
      durationMs: resolved ? 4_320_000 : 7_000,
      respondBy: '2026-11-22T02:55:12.000Z',
      repairBy: '2026-11-22T06:40:12.000Z',
      runbook: 'https://wiki.example.cn/runbooks/backbone?circuit=gz-sz',
      attributes: { carrier: language === 'zh' ? '中国电信' : 'China Telecom', circuitNumber: 'GZ-SZ-100G-0017', hotline: '10000' },
      ...SUBJECTS[kind](language),
    },
    ...(notice === undefined ? {} : { notice }),
  };
}

/** One of every kind and step. */
export function allSamples(language: Language): IncidentMessage[] {
  const kinds: readonly IncidentKind[] = ['outage', 'early-warning', 'condition', 'flapping', 'link'];
  return kinds.flatMap((kind) => NOTICE_STEPS.map((step) => sampleMessage(kind, step, language)));
}

type Subject = Pick<Incident, 'title' | 'cause' | 'affected'> & Partial<Incident>;

const CIRCUIT = { zh: '广州-深圳 100G', en: 'Guangzhou-Shenzhen 100G' };

const causeOf = (language: Language): Incident['cause'] => ({
  id: 'gd:gz-sz-100g',
  name: CIRCUIT[language],
  kind: 'circuit',
  class: 'backbone',
  addresses: ['192.0.2.1', '2001:db8::1'],
  reason: 'no-reply',
});

const unit = (language: Language, number: number) => ({
  id: `gd:unit${number}`,
  name: language === 'zh' ? `接入单位 ${number} 专线` : `Line of unit ${number}`,
});

const alone = (language: Language): Incident['affected'] => ({ total: 1, objects: [{ id: 'gd:gz-sz-100g', name: CIRCUIT[language] }] });

const SUBJECTS: Record<IncidentKind, (language: Language) => Subject> = {
  outage: (language) => ({
    title: language === 'zh' ? `电路 ${CIRCUIT.zh} 中断` : `Circuit ${CIRCUIT.en} down`,
    cause: causeOf(language),
    affected: {
      total: 4,
      objects: [{ id: 'gd:gz-sz-100g', name: CIRCUIT[language] }, unit(language, 1), unit(language, 2), unit(language, 3)],
      dependants: 3,
    },
    blast: {
      lost: { objects: 4, units: 3, services: 0, first: [unit(language, 1), unit(language, 2), unit(language, 3)] },
      redundancy: { objects: 2, units: 1, services: 1, first: [unit(language, 8)] },
    },
  }),
  'early-warning': (language) => ({
    title: language === 'zh' ? '可用率目标 广域骨干网 误差预算消耗过快' : 'Objective Backbone burns its error budget too fast',
    cause: { id: 'objective/backbone', name: language === 'zh' ? '广域骨干网' : 'Backbone', kind: 'objective', class: 'backbone' },
    party: null,
    partyName: null,
    affected: { total: 0, objects: [] },
    attributes: {},
    runbook: null,
    warning: {
      objective: 'backbone',
      target: 0.9997,
      firing: [{ severity: 'critical', limit: 14.4, longMs: 3_600_000, longRate: 20.3, shortMs: 300_000, shortRate: 100 }],
      periodFrom: '2026-06-30T16:00:00.000Z',
      periodTo: '2026-12-31T16:00:00.000Z',
      budgetMs: 4_769_280,
      leftMs: 1_192_320,
      leftFraction: 0.25,
      exhaustedAt: '2026-11-25T04:00:00.000Z',
      forecast: 'forecast',
    },
  }),
  condition: (language) => ({
    title: language === 'zh' ? `电路 ${CIRCUIT.zh}：利用率过高` : `Circuit ${CIRCUIT.en}: utilisation too high`,
    severity: 'major',
    cause: { ...causeOf(language), reason: null },
    affected: alone(language),
    condition: {
      condition: 'busy',
      name: language === 'zh' ? '利用率过高' : 'utilisation too high',
      test: 'utilisation',
      value: 0.923,
      worst: 0.951,
      raise: 0.9,
      clear: 0.8,
      side: 'above',
      state: null,
      forMs: 300_000,
    },
  }),
  link: (language) => ({
    title: language === 'zh' ? '下级节点 广东省 失去联系' : 'Node Guangdong is not heard',
    severity: 'major',
    cause: {
      id: 'node/gd',
      name: language === 'zh' ? '广东省' : 'Guangdong',
      kind: 'node',
      class: 'backbone',
      addresses: [],
      reason: null,
    },
    party: null,
    partyName: null,
    affected: { total: 10_240, objects: [] },
    attributes: {},
    runbook: null,
    link: {
      node: 'gd',
      name: language === 'zh' ? '广东省' : 'Guangdong',
      heardAt: '2026-11-22T02:40:00.000Z',
      afterMs: 10_000,
      observedUntil: '2026-11-22T02:39:52.000Z',
      objects: 10_240,
      others: 31,
      othersSilent: 0,
      refused: null,
      landing: [
        {
          object: 'cn:gd-landing',
          name: language === 'zh' ? '广东落地设备' : 'Landing device Guangdong',
          state: 'up',
          since: '2026-11-20T01:00:00.000Z',
        },
      ],
    },
  }),
  flapping: (language) => ({
    title: language === 'zh' ? `电路 ${CIRCUIT.zh} 反复通断` : `Circuit ${CIRCUIT.en} flapping`,
    severity: 'warning',
    cause: { ...causeOf(language), reason: null },
    affected: alone(language),
    flapping: { share: 0.42, begins: 0.3, ends: 0.25, changes: 8, rounds: 20 },
  }),
};

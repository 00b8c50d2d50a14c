import { sheetOf } from './group.ts';
import { type RenderedMail, renderMail } from './mail.ts';
import type { IncidentMessage } from './message.ts';
import type { Language } from './wording.ts';

/** An alarm of a cut circuit with 250 affected objects; parts of it can be replaced. */
export function messageOf(message: Partial<IncidentMessage> = {}, incident: Partial<IncidentMessage['incident']> = {}): IncidentMessage {
  return {
    id: '0b6d8c0e-6a4b-8f00-9d3c-1f2e3d4c5b6a',
    type: 'incident.opened',
    time: '2026-11-22T02:40:12.000Z',
    node: 'gd',
    ...message,
    incident: {
      id: '6f1e2d3c-4b5a-8978-8695-a4b3c2d1e0f0',
      number: 42,
      state: 'open',
      severity: 'critical',
      title: '电路 广州-深圳 100G 中断',
      cause: { id: 'gd:gz-sz-100g', name: '广州-深圳 100G', kind: 'circuit', class: 'backbone', addresses: ['192.0.2.1', '2001:db8::1'] },
      division: 'cn.gd',
      divisionName: '广东省',
      party: 'gd-noc',
      partyName: '广东省运维中心',
      startedAt: '2026-11-22T02:40:05.000Z',
      startedEarliest: '2026-11-22T02:40:00.000Z',
      startedLatest: '2026-11-22T02:40:10.000Z',
      openedAt: '2026-11-22T02:40:12.000Z',
      resolvedAt: null,
      resolution: null,
      durationMs: 7_000,
      affected: {
        total: 250,
        objects: Array.from({ length: 100 }, (_, i) => ({ id: `gd:unit${i}`, name: i === 0 ? '广州-深圳 100G' : `接入单位 ${i} 专线` })),
      },
      runbook: 'https://wiki.example.cn/runbooks/backbone?circuit=gz-sz&lang=zh',
      attributes: { carrier: '中国电信', circuitNumber: 'GZ-SZ-100G-0017', hotline: '10000' },
      ...incident,
    },
  };
}

/** The built-in mail of one message. */
export function mailOf(message: IncidentMessage, language: Language, timeZone: string): RenderedMail {
  return renderMail(sheetOf({ messages: [message], total: 1, language, timeZone, diverted: null, channel: 'mail' }), language);
}

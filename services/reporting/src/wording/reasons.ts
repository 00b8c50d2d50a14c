import type { Reason } from '@beacontower/domain';
import type { Bilingual } from '../model/model.ts';

const REASONS: Partial<Readonly<Record<Reason, Bilingual>>> = {
  'no-reply': { zh: '无应答', en: 'no reply' },
  'loss-above-limit': { zh: '丢包超限', en: 'loss above the limit' },
  'not-looked-at': { zh: '未探测', en: 'not looked at' },
  'vantage-blind': { zh: '探测点自身不可见', en: 'the vantage was blind' },
  'agent-answers': { zh: 'SNMP 有应答', en: 'the agent answers' },
  'unknown-user': { zh: 'SNMP 用户未知', en: 'unknown SNMP user' },
  'wrong-key': { zh: 'SNMP 密钥错误', en: 'wrong SNMP key' },
  'agent-error': { zh: 'SNMP 代理出错', en: 'the agent reports an error' },
  'link-down': { zh: '链路中断', en: 'link down' },
  'admin-down': { zh: '端口被关闭', en: 'administratively down' },
  'lower-layer-down': { zh: '下层链路中断', en: 'lower layer down' },
  'not-present': { zh: '端口不存在', en: 'interface not present' },
  vanished: { zh: '端口消失', en: 'interface vanished' },
};

/** Why an object was down, in words; the code itself where there are none. */
export function reasonWords(reason: string): Bilingual {
  return REASONS[reason as Reason] ?? { zh: reason, en: reason };
}

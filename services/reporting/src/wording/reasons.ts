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
  testing: { zh: '端口测试中', en: 'interface under test' },
  dormant: { zh: '端口休眠', en: 'interface dormant' },
  'oper-unknown': { zh: '端口状态不明', en: 'interface status unknown to the device' },
  vanished: { zh: '端口消失', en: 'interface vanished' },
  'first-observation': { zh: '首次观测即如此', en: 'so from the first observation' },
  'not-in-time-window': { zh: 'SNMP 时钟不符', en: 'SNMP clocks differ' },
  'unsupported-security': { zh: 'SNMP 安全级别不支持', en: 'SNMP security level not supported' },
  'credential-unusable': { zh: 'SNMP 凭据不可用', en: 'SNMP credential unusable' },
  'agent-refuses': { zh: 'SNMP 拒绝访问', en: 'the agent refuses access' },
  'no-interface-table': { zh: '无端口表', en: 'no interface table' },
  'malformed-answer': { zh: 'SNMP 应答有误', en: 'malformed answer of the agent' },
  'table-has-no-end': { zh: '端口表无尽头', en: 'interface table without an end' },
  'edges-overlap': { zh: '成员中断交错', en: 'outages of members overlap' },
  reported: { zh: '据导入记录', en: 'by an imported record' },
};

/** Why an object was down, in words; the code itself where there are none. */
export function reasonWords(reason: string): Bilingual {
  return REASONS[reason as Reason] ?? { zh: reason, en: reason };
}

import type { CheckDetail } from '@beacontower/contracts';
import { defineWords } from '../../i18n/language.tsx';

type Named = Pick<CheckDetail, 'kind' | 'family' | 'interface' | 'device'>;

function name({ kind, family, interface: interfaceName }: Named, words: { icmp: string; snmp: string; status: string }): string {
  if (kind === 'icmp') return `IPv${family ?? 4} ${words.icmp}`;
  if (kind === 'snmp') return words.snmp;
  return interfaceName === null ? words.status : `${words.status} ${interfaceName}`;
}

/** Words about checks. */
export const CHECK_WORDS = defineWords({
  zh: {
    title: '检测',
    and: '；',
    met: (text: string) => `（${text}）`,
    name: (check: Named) => name(check, { icmp: 'PING', snmp: 'SNMP', status: '接口' }),
    check: '检测项',
    state: '状态',
    since: '已持续',
    reason: '原因',
    where: '检测地址',
    every: '间隔',
    latest: '最近结果',
    met2: '采集器最近所见',
    rtt: (avg: string, min: string, max: string) => `时延 ${avg}（${min} – ${max}）`,
    loss: (lost: string) => `丢包 ${lost}`,
    traffic: (input: string, output: string) => `入 ${input} / 出 ${output}`,
    status: (admin: string, oper: string) => `管理 ${admin} / 运行 ${oper}`,
    noReply: '无应答',
    nothing: '尚无结果',
    seeInterface: '见该接口',
    zone: (zone: string) => `探测区 ${zone}`,
    none: '没有检测项：此对象的状态由其他对象得出，或尚未配置检测。',
    notShown: '地址不在您的区划之内',
  },
  en: {
    title: 'Checks',
    and: '; ',
    met: (text: string) => ` (${text})`,
    name: (check: Named) => name(check, { icmp: 'ping', snmp: 'SNMP', status: 'interface' }),
    check: 'Check',
    state: 'State',
    since: 'For',
    reason: 'Why',
    where: 'Asked at',
    every: 'Every',
    latest: 'Newest',
    met2: 'What the collector met',
    rtt: (avg: string, min: string, max: string) => `RTT ${avg} (${min} – ${max})`,
    loss: (lost: string) => `loss ${lost}`,
    traffic: (input: string, output: string) => `in ${input} / out ${output}`,
    status: (admin: string, oper: string) => `admin ${admin} / oper ${oper}`,
    noReply: 'no reply',
    nothing: 'nothing yet',
    seeInterface: 'see the interface',
    zone: (zone: string) => `zone ${zone}`,
    none: 'No checks: its state follows from other objects, or no check is configured yet.',
    notShown: 'outside your divisions',
  },
});

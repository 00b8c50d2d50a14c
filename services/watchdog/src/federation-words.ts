import type { SelfCode } from '@beacontower/contracts';
import type { Words } from './words.ts';

const ended = (days: string) => Number(days) < 0;

/** What is said of the node above and of those below. */
export const FEDERATION_WORDS = {
  'uplink-refused': (_, code) => ({ zh: `上级节点拒收：${code}`, en: `the node above refuses what is sent: ${code}` }),
  'uplink-silent': (_, seconds) => ({
    zh: `上级节点已 ${seconds} 秒没有应答：记录留存在本节点，恢复后补报`,
    en: `the node above has not answered for ${seconds} s: the record waits here and is sent later`,
  }),
  'uplink-behind': (_, seconds) => ({
    zh: `向上级补报落后 ${seconds} 秒`,
    en: `what is sent to the node above is ${seconds} s behind`,
  }),
  'uplink-room': (_, mebibytes) => ({
    zh: `留存待报送的记录占用 ${mebibytes} MiB，超过磁盘余量`,
    en: `lines kept for the node above take ${mebibytes} MiB, more than is free on the disk`,
  }),
  'uplink-certificate': (_, days) =>
    ended(days)
      ? { zh: '向上级出示的证书已到期', en: 'the certificate shown to the node above has ended' }
      : {
          zh: `向上级出示的证书 ${days} 天后到期，未能自动更新`,
          en: `the certificate shown to the node above ends in ${days} days and was not renewed`,
        },
  'node-silent': (node, seconds) => ({
    zh: `下级节点 ${node} 已 ${seconds} 秒没有报送：其对象在本级不可见`,
    en: `the node ${node} has not been heard for ${seconds} s: its objects are unobserved from here`,
  }),
  'node-refused': (node, code) => ({ zh: `下级节点 ${node} 的报送被拒收：${code}`, en: `what the node ${node} sends is refused: ${code}` }),
  'node-behind': (node, seconds) => ({
    zh: `下级节点 ${node} 的记录落后 ${seconds} 秒`,
    en: `the record of the node ${node} is ${seconds} s behind`,
  }),
  'node-differs': (node, count) => ({
    zh: `下级节点 ${node} 有 ${count} 项日汇总与本级记录不一致`,
    en: `${count} daily sums of the node ${node} differ from the record here`,
  }),
  'node-clock': (node, ms) => ({ zh: `下级节点 ${node} 的时钟相差 ${ms} 毫秒`, en: `the clock of the node ${node} is ${ms} ms off` }),
  'node-certificate': (node, days) =>
    ended(days)
      ? { zh: `下级节点 ${node} 的证书已到期`, en: `the certificate of the node ${node} has ended` }
      : {
          zh: `下级节点 ${node} 的证书 ${days} 天后到期，未更新`,
          en: `the certificate of the node ${node} ends in ${days} days and was not renewed`,
        },
} as const satisfies Readonly<Partial<Record<SelfCode, Words>>>;

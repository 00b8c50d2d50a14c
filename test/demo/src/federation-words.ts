/** The words of the board of `scripts/demo --federation`. */
import type { LinkState } from '@beacontower/domain';
import type { BoardLanguage } from './words.ts';

export interface FederatedWords {
  readonly starting: string;
  readonly remembering: string;
  readonly joined: (node: string) => string;
  readonly title: string;
  readonly self: string;
  readonly states: Readonly<Record<LinkState, string>>;
  readonly recordUntil: string;
  readonly nothing: string;
  readonly places: string;
}

export const FEDERATED_WORDS: Readonly<Record<BoardLanguage, FederatedWords>> = {
  en: {
    starting: 'starting a centre and two provinces, each a whole node in a network of its own; this takes a minute or two …',
    remembering: 'they run; the provinces are given half a day of history …',
    joined: (node) => `${node} reports to the centre`,
    title: 'Beacontower: a centre and two provinces; the line of Guangdong goes and comes',
    self: 'this node',
    states: { heard: 'heard', 'catching-up': 'catching up', silent: 'SILENT', awaited: 'awaited', removed: 'put out' },
    recordUntil: 'record until',
    nothing: 'nothing yet',
    places: 'where their consoles are, name and password that open them, and where their data lie:',
  },
  zh: {
    starting: '正在启动国家中心和两个省级节点，每个都是独立网络中的完整节点，需要一两分钟 …',
    remembering: '节点均已启动；正在为省级节点写入半天的历史 …',
    joined: (node) => `${node} 已接入国家中心`,
    title: '烽台：国家中心与两个省级节点；广东的线路时断时续',
    self: '本节点',
    states: { heard: '正常', 'catching-up': '追补中', silent: '失联', awaited: '待接入', removed: '已移除' },
    recordUntil: '记录截至',
    nothing: '暂无',
    places: '控制台地址、账号与口令、数据目录：',
  },
};

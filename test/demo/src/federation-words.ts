/** The words of the board of `scripts/demo --federation`. */
import type { LinkState } from '@beacontower/domain';
import type { BoardLanguage } from './words.ts';

export interface FederatedWords {
  readonly starting: string;
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
    title: 'Beacontower: a centre and two provinces; the line of Guangdong goes and comes',
    self: 'this node',
    states: { heard: 'heard', 'catching-up': 'catching up', silent: 'SILENT', awaited: 'awaited', removed: 'put out' },
    recordUntil: 'record until',
    nothing: 'nothing yet',
    places: 'where they answer, and where their data lie (there, too, the file with the first passwords):',
  },
  zh: {
    starting: '正在启动国家中心和两个省级节点，每个都是独立网络中的完整节点，需要一两分钟 …',
    title: '烽台：国家中心与两个省级节点；广东的线路时断时续',
    self: '本节点',
    states: { heard: '正常', 'catching-up': '追补中', silent: '失联', awaited: '待接入', removed: '已移除' },
    recordUntil: '记录截至',
    nothing: '暂无',
    places: '访问地址与数据目录（初始口令文件也在其中）：',
  },
};

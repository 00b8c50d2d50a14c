import { describe, expect, it } from 'vitest';
import { mailOf, messageOf } from './message.fixture.ts';

const link = {
  ...{ node: 'gd', name: '广东省', heardAt: '2018-07-05T04:00:00.000Z', afterMs: 10_000, observedUntil: '2018-07-05T03:59:50.000Z' },
  ...{ objects: 10_240, others: 31, othersSilent: 2, refused: null },
  landing: [{ object: 'cn:gd', name: '广东落地设备', state: 'up' as const, since: null }],
};
const about = (more: object = {}) => ({
  ...{ kind: 'link' as const, title: '下级节点 广东省 失去联系', party: null, partyName: null, attributes: {}, runbook: null },
  cause: { id: 'node/gd', name: '广东省', kind: 'node' as const, class: 'backbone' as const },
  affected: { total: 10_240, objects: [] },
  link: { ...link, ...more },
});
const textOf = (
  more: object,
  language: 'zh' | 'en',
  type: 'incident.opened' | 'incident.resolved' = 'incident.opened',
  incident: object = {},
) => mailOf(messageOf({ type }, { ...about(more), ...incident }), language, 'Asia/Shanghai').text;

describe('the mail about a node that is not heard', () => {
  it('says that this side is blind, and what is seen of its landing device', () => {
    for (const fact of [
      '其 10240 个对象自此在本级不可见，并不等于中断。',
      '本级探测所见：广东落地设备 正常。',
      '下级节点: 广东省',
      '其他节点失联: 2 / 31',
    ])
      expect(textOf({}, 'zh')).toContain(fact);
    expect(textOf({}, 'en')).toContain('which does not mean that they are down. Seen from here: 广东落地设备 up.');
  });

  it('says where nothing is seen, what is refused, and that all others are silent as well', () => {
    const alone = { landing: [], othersSilent: 31, refused: { code: 'clock-off', detail: 'the clocks differ' } };
    for (const fact of ['本级未配置对其落地设备的探测。', '其报送被拒收：clock-off。', '其他下级节点也全部失联：请先检查本级。'])
      expect(textOf(alone, 'zh')).toContain(fact);
    expect(textOf(alone, 'en')).toContain('What it sends is refused: clock-off (the clocks differ). No other node is heard either');
  });

  it.each([
    ['recovered', '恢复联系', 'Heard again'],
    ['retired', '该节点已退出联网', 'does not report here any more'],
  ] as const)('says how it ended: %s', (resolution, zh, en) => {
    const over = { resolvedAt: '2018-07-05T05:00:00.000Z', resolution, state: 'resolved' };
    expect(textOf({}, 'zh', 'incident.resolved', over)).toContain(zh);
    expect(textOf({}, 'en', 'incident.resolved', over)).toContain(en);
  });
});

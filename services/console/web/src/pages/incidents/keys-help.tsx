import { defineWords, useWords } from '../../i18n/language.tsx';
import { Dialog } from '../../parts/confirm-dialog.tsx';
import { useKeysOn } from '../../parts/use-keys.ts';

const KEYS = defineWords({
  zh: {
    title: '键盘操作',
    on: '启用单键操作（使用语音输入等辅助工具时可关闭）',
    rows: [
      ['J / K', '下一起、上一起（也可用方向键）'],
      ['Enter / O', '打开'],
      ['A', '受理'],
      ['S', '转派'],
      ['H', '交接：接受转派给我的，收回我转派的，否则转派'],
      ['D', '拒绝或收回转派'],
      ['C', '评论'],
      ['M', '并入另一事件，或移出合并'],
      ['P', '拆分受影响对象'],
      ['R', '人工恢复；已关闭的重开'],
      ['X', '关闭'],
      ['E / G / B', '上报上级；交下级处置；收回交办'],
      ['Y / N', '接受、退回上级交办'],
      ['F', '查找'],
      ['1 – 4', '全部、我负责、无人负责、转派给我'],
      ['U', '返回队列'],
      ['?', '本帮助'],
    ],
  },
  en: {
    title: 'Keyboard',
    on: 'Single keys do things (switch them off when you speak to the computer)',
    rows: [
      ['J / K', 'next, previous (or the arrows)'],
      ['Enter / O', 'open'],
      ['A', 'acknowledge'],
      ['S', 'assign'],
      ['H', 'hand over: accept what is offered to me, take back what I offered, else assign'],
      ['D', 'decline, or take back the offer'],
      ['C', 'comment'],
      ['M', 'merge into another, or unmerge'],
      ['P', 'split off affected objects'],
      ['R', 'resolve by hand; reopen what is closed'],
      ['X', 'close'],
      ['E / G / B', 'escalate to the tier above; hand down to a node below; take that back'],
      ['Y / N', 'accept, decline what the tier above hands down'],
      ['F', 'find'],
      ['1 – 4', 'all, mine, nobody has, offered to me'],
      ['U', 'back to the queue'],
      ['?', 'this help'],
    ],
  },
});

/** What the keys do, and whether they do. */
export function KeysHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  const words = useWords(KEYS);
  const [on, setOn] = useKeysOn();
  return (
    <Dialog open={open} title={words.title} onClose={onClose}>
      <dl className="keys">
        {(words.rows as readonly (readonly [string, string])[]).map(([key, means]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{means}</dd>
          </div>
        ))}
      </dl>
      <label className="filter-check">
        <input type="checkbox" checked={on} onChange={(event) => setOn(event.target.checked)} />
        {words.on}
      </label>
    </Dialog>
  );
}

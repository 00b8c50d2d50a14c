import type { Item } from './collect.ts';
import type { Path } from './document.ts';
import { type Complaint, type Fault, text } from './fault.ts';
import { nearest } from './suggest.ts';
import { isTimeZone, timeZones } from './values.ts';

/** The fault of a time zone that is not known, at `path` of the item; null when there is none to name or it is known. */
export function timeZoneFault(name: string | undefined, item: Item<unknown>, path: Path = ['timeZone']): Fault | null {
  return name === undefined || isTimeZone(name) ? null : item.document.fault([...item.path, ...path], unknownTimeZone(name));
}

/** What people write for China's time, which is not in the list of zones. */
const FOR_SHANGHAI = /beijing|peking|北京|^(cst|prc|china)$/i;

function unknownTimeZone(name: string): Complaint {
  const near = FOR_SHANGHAI.test(name) ? 'Asia/Shanghai' : nearest(name, timeZones());
  return {
    code: 'unknown-time-zone',
    problem: text('the time zone is not known', '未知的时区'),
    expected:
      near === null
        ? text('a name such as Asia/Shanghai', '形如 Asia/Shanghai 的名称')
        : text(`did you mean "${near}"?`, `是否想写 "${near}"？`),
  };
}

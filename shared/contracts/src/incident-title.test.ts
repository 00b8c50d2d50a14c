import { describe, expect, test } from 'vitest';
import { type TitleParts, titlesOf } from './incident-title.ts';

const circuit = { kind: 'circuit', name: '京沪一', nameEn: 'Beijing–Shanghai 1' } as const;
const lossy = { name: '丢包过多', nameEn: 'loses packets' };
const objective = { name: '骨干网', nameEn: 'Backbone' };

describe('a stored title in both languages', () => {
  test.each<[string, TitleParts, { zh: string; en: string } | null]>([
    [
      '电路 京沪一 中断',
      { kind: 'outage', object: circuit, severity: 'major' },
      { zh: '电路 京沪一 中断', en: 'Circuit Beijing–Shanghai 1 down' },
    ],
    [
      'Circuit Beijing–Shanghai 1 degraded',
      { kind: 'outage', object: circuit, severity: 'warning' },
      { zh: '电路 京沪一 质量劣化', en: 'Circuit Beijing–Shanghai 1 degraded' },
    ],
    [
      '电路 京沪一 反复通断',
      { kind: 'flapping', object: circuit },
      { zh: '电路 京沪一 反复通断', en: 'Circuit Beijing–Shanghai 1 flapping' },
    ],
    [
      '电路 京沪一：丢包过多',
      { kind: 'condition', object: circuit, condition: lossy },
      { zh: '电路 京沪一：丢包过多', en: 'Circuit Beijing–Shanghai 1: loses packets' },
    ],
    [
      '可用率目标 骨干网 误差预算消耗过快',
      { kind: 'early-warning', objective },
      { zh: '可用率目标 骨干网 误差预算消耗过快', en: 'Objective Backbone burns its error budget too fast' },
    ],
    // Without an English name the other stands in its place.
    [
      '电路 京沪一 中断',
      { kind: 'outage', object: { ...circuit, nameEn: null }, severity: 'major' },
      { zh: '电路 京沪一 中断', en: 'Circuit 京沪一 down' },
    ],
    // Called otherwise then, or titled by somebody.
    ['电路 京沪旧名 中断', { kind: 'outage', object: circuit, severity: 'major' }, null],
    ['光缆被挖断', { kind: 'outage', object: circuit, severity: 'major' }, null],
  ])('%s', (stored, parts, titles) => expect(titlesOf(stored, parts)).toEqual(titles));
});

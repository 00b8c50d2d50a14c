import { expect, test } from 'vitest';
import { nameOf, titleOf } from './name-of.ts';

const circuit = { name: '京沪一', nameEn: 'Beijing–Shanghai 1' };

test.each([
  ['zh', circuit, '京沪一'],
  ['en', circuit, 'Beijing–Shanghai 1'],
  ['en', { ...circuit, nameEn: null }, '京沪一'],
] as const)('in %s', (language, named, shown) => expect(nameOf(named, language)).toBe(shown));

test.each([
  ['zh', { zh: '电路 京沪一 中断', en: 'Circuit Beijing–Shanghai 1 down' }, '电路 京沪一 中断'],
  ['en', { zh: '电路 京沪一 中断', en: 'Circuit Beijing–Shanghai 1 down' }, 'Circuit Beijing–Shanghai 1 down'],
  ['en', null, '电路 京沪一 中断'],
] as const)('a title in %s', (language, titles, shown) => expect(titleOf({ title: '电路 京沪一 中断', titles }, language)).toBe(shown));

import { expect, test } from 'vitest';
import { chineseNumber, Numbering } from './numbering.ts';

test.each([
  [1, '一'],
  [10, '十'],
  [12, '十二'],
  [20, '二十'],
  [35, '三十五'],
])('%i in Chinese', (value, text) => {
  expect(chineseNumber(value)).toBe(text);
});

test('headings and captions are numbered as they come', () => {
  const zh = new Numbering('zh');
  expect(zh.heading({ id: 'a', level: 1, title: '摘要' })).toBe('一、摘要');
  expect(zh.heading({ id: 'b', level: 2, title: '分省' })).toBe('（一）分省');
  expect([zh.table('甲'), zh.chart('乙'), zh.table('丙')]).toEqual(['表 1　甲', '图 1　乙', '表 2　丙']);
  const en = new Numbering('en');
  en.heading({ id: 'a', level: 1, title: 'Summary' });
  expect(en.heading({ id: 'b', level: 2, title: 'Provinces' })).toBe('1.1 Provinces');
});

import { expect, test } from 'vitest';
import { fileName } from './make.ts';
import { sampleReport } from './model/model.fixture.ts';

const named = (name: string) => fileName({ ...sampleReport(), division: { id: 'cn', name: { zh: name, en: name } } }, 'docx', 'zh');

test.each([
  ['广东省', '可用率报告-广东省-2018-H1.docx'],
  ['../../etc/passwd', '可用率报告-..-..-etc-passwd-2018-H1.docx'],
  ['a\u0000b\u202e"c', '可用率报告-a-b-c-2018-H1.docx'],
])('%j gives a name that is no path', (place, name) => {
  expect(named(place)).toBe(name);
});

test.each(['省'.repeat(256), 'x'.repeat(256), '\u{20000}'.repeat(128)])('a long name gives one that file systems take', (place) => {
  const name = named(place);
  // While it is written, ".part" stands behind it.
  expect(Buffer.byteLength(`${name}.part`)).toBeLessThan(256);
  expect(name).toMatch(/2018-H1\.docx$/);
  expect(name).not.toMatch(/\p{Cs}/u);
});

test.each([
  ['2018-02-28T16:00:00Z', '2018-03-10T16:00:00Z', '20180301-20180310'],
  ['2018-02-28T16:00:00Z', '2018-03-01T04:30:00Z', '20180301T000000-20180301T123000'],
])('a span is named in the time zone of the report', (from, to, name) => {
  const period = { ...sampleReport().period, from: Date.parse(from), to: Date.parse(to), label: null, timeZone: 'Asia/Shanghai' };
  expect(fileName({ ...sampleReport(), period }, 'csv', 'en')).toBe(`availability-report-China-${name}.csv`);
});

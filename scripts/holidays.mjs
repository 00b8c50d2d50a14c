// Makes config/calendars/cn.yaml from the npm package chinese-days (MIT) and the notices of the State Council named below.
// Nothing of the package is needed when the system runs.
//
//   npm pack chinese-days && tar xzf chinese-days-*.tgz && node scripts/holidays.mjs package > config/calendars/cn.yaml
//
// The numbers of days of each notice, counted by hand in its text, are held against what comes out; it fails when they differ.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// [year, number, published, days off, days worked, changes: [number, published, first date, last date]]. Days are those of the
// notice as it was changed; where a notice says "1月1日放假，与周末连休" only the day it names is counted.
const NOTICES = [
  [2012, '国办发明电〔2011〕45号', '2011-12-06', 27, 7],
  [2013, '国办发明电〔2012〕33号', '2012-12-08', 29, 12],
  [2014, '国办发明电〔2013〕28号', '2013-12-11', 22, 5],
  [2015, '国办发明电〔2014〕28号', '2014-12-16', 26, 5, ['国发明电〔2015〕1号', '2015-05-13', '2015-09-03', '2015-09-06']],
  [2016, '国办发明电〔2015〕18号', '2015-12-10', 24, 6],
  [2017, '国办发明电〔2016〕17号', '2016-12-01', 24, 5],
  [2018, '国办发明电〔2017〕12号', '2017-11-30', 23, 6],
  [2019, '国办发明电〔2018〕15号', '2018-12-06', 24, 7, ['国办发明电〔2019〕3号', '2019-03-22', '2019-04-28', '2019-05-05']],
  [2020, '国办发明电〔2019〕16号', '2019-11-21', 30, 6, ['国办发明电〔2020〕1号', '2020-01-27', '2020-01-31', '2020-02-03']],
  [2021, '国办发明电〔2020〕27号', '2020-11-25', 31, 7],
  [2022, '国办发明电〔2021〕11号', '2021-10-25', 31, 7],
  [2023, '国办发明电〔2022〕16号', '2022-12-08', 27, 7],
  [2024, '国办发明电〔2023〕7号', '2023-10-25', 28, 8],
  [2025, '国办发明电〔2024〕12号', '2024-11-12', 28, 5],
  [2026, '国办发明电〔2025〕7号', '2025-11-04', 33, 6],
];

// Days off that the notices name and the package lacks (both are Saturdays).
const LACKING = [
  { date: '2012-06-23', kind: 'off', name: '端午' },
  { date: '2015-09-05', kind: 'off', name: '中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日' },
];
// Days of ordinary weekends that the package has and the notices do not name.
const SURPLUS = ['2014-04-06', '2019-04-06', '2019-04-07', '2019-06-08', '2019-06-09', '2019-09-14', '2019-09-15'];

const folder = process.argv[2] ?? 'package';
const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const years = join(folder, 'dist', 'years');
const days = readdirSync(years)
  .filter((name) => name.endsWith('.json'))
  .flatMap((name) => {
    const year = JSON.parse(readFileSync(join(years, name), 'utf8'));
    const read = (kind, list) => Object.entries(list).map(([date, words]) => ({ date, kind, name: words.split(',')[1] }));
    return [...read('off', year.holidays), ...read('work', year.workdays)];
  })
  .concat(LACKING)
  .filter((day) => !SURPLUS.includes(day.date))
  .sort((a, b) => (a.date < b.date ? -1 : 1));

/** The last days of a year belong to the New Year of the next one's notice. */
const yearOf = ({ date, name }) => Number(date.slice(0, 4)) + (date.slice(5, 7) === '12' && name === '元旦' ? 1 : 0);
const next = (date) => new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);

/** Dates in a row as one range. */
function ranges(dates) {
  const found = [];
  for (const date of dates) {
    const last = found.at(-1);
    if (last !== undefined && next(last[1]) === date) last[1] = date;
    else found.push([date, date]);
  }
  return found.map(([from, to]) => (from === to ? from : `${from}..${to}`));
}

function lines(kind, of) {
  const names = [...new Set(of.filter((day) => day.kind === kind).map((day) => day.name))];
  if (names.length === 0) return [];
  const entry = (name) =>
    `          ${name}: [${ranges(of.filter((day) => day.kind === kind && day.name === name).map((day) => day.date)).join(', ')}]`;
  return [`        ${kind}:`, ...names.map(entry)];
}

const notice = (source, date, of) => [`      - source: ${source}`, `        date: ${date}`, ...lines('off', of), ...lines('work', of)];

const out = [
  '# 国家法定节假日与调休上班日。数据按国务院办公厅各年度通知整理，由 scripts/holidays.mjs 生成，请勿手工修改。',
  `# Public holidays of China and adjusted workdays, by the notices of the General Office of the State Council. Made by`,
  `# scripts/holidays.mjs from the npm package chinese-days ${version} (MIT, © 2024 Yawei sun); see README.md beside this file.`,
  'holidays:',
  '  - id: cn',
  '    name: 国家法定节假日与调休',
  '    nameEn: Public holidays of China with adjusted workdays',
  `    knownUntil: ${NOTICES.at(-1)[0]}-12-31`,
  '    notices:',
];
for (const [year, source, published, off, work, change] of NOTICES) {
  const all = days.filter((day) => yearOf(day) === year);
  const counted = ['off', 'work'].map((kind) => all.filter((day) => day.kind === kind).length);
  if (counted[0] !== off || counted[1] !== work)
    throw new Error(`${year}: ${counted.join(' off, ')} worked; the notice has ${off} and ${work}`);
  const isChanged = ({ date }) => change !== undefined && date >= change[2] && date <= change[3];
  out.push(
    ...notice(
      source,
      published,
      all.filter((day) => !isChanged(day)),
    ),
  );
  if (change !== undefined) out.push(...notice(change[0], change[1], all.filter(isChanged)));
}
process.stdout.write(`${out.join('\n')}\n`);

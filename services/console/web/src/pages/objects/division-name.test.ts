import { describe, expect, it } from 'vitest';
import { divisionName, NO_NAMES } from './division-name.ts';

const NAMES = new Map([
  ['cn', { zh: '全国', en: 'China' }],
  ['cn.gd', { zh: '广东', en: null }],
]);

describe('divisionName', () => {
  it.each([
    ['cn', 'en', 'China'],
    ['cn.gd', 'zh', '广东'],
    ['cn.gd', 'en', '广东'],
    ['cn.gd.shenzhen.futian', 'zh', '广东 / shenzhen / futian'],
    ['cn.gdx', 'zh', '全国 / gdx'],
    ['eu.fr', 'zh', 'eu.fr'],
    ['', 'zh', ''],
  ] as const)('%s in %s', (path, language, expected) => expect(divisionName(path, NAMES, language)).toBe(expected));
  it('is the path where nothing is known', () => expect(divisionName('cn.gd', NO_NAMES, 'zh')).toBe('cn.gd'));
});

import { describe, expect, it } from 'vitest';
import { divisionChoices } from './division-choices.ts';

const PATHS = ['cn', 'cn.gd.guangzhou.tianhe', 'cn.gd.shenzhen', 'cn.gx.nanning'];

describe('divisionChoices', () => {
  it.each([
    ['', ['cn', 'cn.gd', 'cn.gx']],
    ['cn', ['cn', 'cn.gd', 'cn.gx']],
    ['cn.gd', ['cn', 'cn.gd', 'cn.gd.guangzhou', 'cn.gd.shenzhen', 'cn.gx']],
    ['cn.gd.guangzhou', ['cn', 'cn.gd', 'cn.gd.guangzhou', 'cn.gd.guangzhou.tianhe', 'cn.gx']],
    ['cn.zz', ['cn', 'cn.gd', 'cn.gx', 'cn.zz']],
  ])('with %j chosen', (chosen, expected) => expect(divisionChoices(PATHS, chosen)).toEqual(expected));
});

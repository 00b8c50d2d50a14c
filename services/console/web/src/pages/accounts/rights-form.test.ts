import { describe, expect, it } from 'vitest';
import { withDivision, withRole } from './rights-form.ts';

describe('rights as they are chosen', () => {
  it('never unites two of the three administrators', () => {
    expect(withRole(['operator', 'system-administrator'], 'audit-administrator', true)).toEqual(['operator', 'audit-administrator']);
    expect(withRole(['viewer'], 'duty-manager', true)).toEqual(['viewer', 'duty-manager']);
    expect(withRole(['viewer', 'duty-manager'], 'viewer', false)).toEqual(['duty-manager']);
  });

  it.each([
    [[], 'cn.gd', ['cn.gd']],
    [['cn.gd'], ' cn.gd.guangzhou ', ['cn.gd']],
    [['cn.gd.guangzhou', 'cn.bj'], 'cn.gd', ['cn.bj', 'cn.gd']],
    [['cn.gd'], 'cn.g', ['cn.g', 'cn.gd']],
    [['cn.gd'], '', ['']],
    [[''], 'cn.gd', ['']],
    [[], '广东', null],
    [[], 'cn..gd', null],
  ])('%j and "%s" are %j', (divisions, typed, after) => {
    expect(withDivision(divisions, typed)).toEqual(after);
  });
});

import { describe, expect, it } from 'vitest';
import { layTiles, neighbour } from './tile-map.ts';

const PROVINCES = 'bj tj he sx nm ln jl hl sh js zj ah fj jx sd ha hb hn gd gx hi cq sc gz yn xz sn gs qh nx xj bt'.split(' ');
const country = PROVINCES.map((id) => ({ division: `cn.${id}`, code: id.toUpperCase() }));

describe('the country as tiles', () => {
  it('has a place of its own for each of the 32', () => {
    const { places, rows, columns } = layTiles(country);
    expect(places.size).toBe(32);
    expect(new Set([...places.values()].map(({ row, column }) => `${row}:${column}`)).size).toBe(32);
    expect({ rows, columns }).toEqual({ rows: 6, columns: 8 });
  });

  it.each([
    ['xj', 'gs'],
    ['gs', 'sn'],
    ['bj', 'he'],
    ['sc', 'yn'],
    ['gd', 'jx'],
    ['js', 'sh'],
    ['bt', 'xj'],
    ['hb', 'hn'],
  ])('%s stands near %s', (one, other) => {
    const { places } = layTiles(country);
    const a = places.get(`cn.${one}`);
    const b = places.get(`cn.${other}`);
    expect(Math.max(Math.abs((a?.row ?? 9) - (b?.row ?? 0)), Math.abs((a?.column ?? 9) - (b?.column ?? 0)))).toBeLessThanOrEqual(2);
  });

  it.each([
    ['two letters', 'GD'],
    ['its code of GB/T 2260', '440000'],
    ['the short code', '44'],
    ['nothing but the division', null],
  ])('finds a province by %s', (_name, code) => {
    const all = country.map((tile) => (tile.division === 'cn.gd' ? { ...tile, code } : tile));
    expect(layTiles(all).places.get('cn.gd')).toEqual({ row: 5, column: 5 });
  });

  it('puts what it does not know below the others, and never one upon another', () => {
    const { places, rows } = layTiles([...country, { division: 'cn.centre', code: null }, { division: 'cn.gd2', code: 'GD' }]);
    expect(places.get('cn.centre')).toEqual({ row: 6, column: 0 });
    expect(places.get('cn.gd2')).toEqual({ row: 6, column: 1 });
    expect(rows).toBe(7);
  });

  it('places the divisions of a province one after the other', () => {
    const map = layTiles(['gz', 'sz', 'zh', 'st', 'fs'].map((id) => ({ division: `cn.gd.440${id}`, code: null })));
    expect(map).toMatchObject({ country: false, rows: 2, columns: 3 });
    expect(map.places.get('cn.gd.440fs')).toEqual({ row: 1, column: 1 });
  });

  it('bears nothing at all', () => {
    expect(layTiles([])).toMatchObject({ rows: 1, columns: 1 });
  });
});

describe('the arrows', () => {
  const map = layTiles(country);
  it.each([
    ['cn.he', 'ArrowRight', 'cn.tj'],
    ['cn.he', 'ArrowUp', 'cn.ln'],
    ['cn.xj', 'ArrowRight', 'cn.nm'],
    ['cn.gd', 'ArrowUp', 'cn.jx'],
    ['cn.xz', 'ArrowDown', 'cn.sc'],
    ['cn.hl', 'ArrowRight', null],
    ['cn.hl', 'Enter', null],
  ])('from %s by %s to %s', (from, key, to) => {
    expect(neighbour(map, from, key)).toBe(to);
  });
});

import { describe, expect, it } from 'vitest';
import { placeAfter } from './place-after.ts';

describe('where to go after signing in', () => {
  it.each([
    ['/incidents/42?tab=who#x', '/incidents/42?tab=who#x'],
    [null, '/wall'],
    ['/', '/wall'],
    ['//evil.example', '/wall'],
    ['/\\evil.example', '/wall'],
    ['https://evil.example/', '/wall'],
    ['javascript:alert(1)', '/wall'],
    ['/sign-in?to=/sign-in', '/wall'],
    ['/sign-in', '/wall'],
  ])('%s → %s', (wanted, place) => {
    expect(placeAfter(wanted, ['operator'])).toBe(place);
  });

  it('is a page that one may see', () => {
    expect(placeAfter('/wall', ['audit-administrator'])).toBe('/audit');
    expect(placeAfter(null, ['security-administrator'])).toBe('/accounts');
    expect(placeAfter(null, [])).toBe('/me');
  });
});

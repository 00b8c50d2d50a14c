import { describe, expect, it } from 'vitest';
import { languageOf, statusPage } from './status.ts';

describe('languageOf', () => {
  it.each([
    [undefined, 'en'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
    ['en-GB,zh;q=0.5', 'en'],
    ['fr,zh;q=0.3', 'zh'],
    ['en;q=0.2,zh;q=0.7', 'zh'],
    ['zh;q=0', 'en'],
    ['zh;q=x', 'en'],
  ])('%s is %s', (header, language) => {
    expect(languageOf(header)).toBe(language);
  });
});

describe('statusPage', () => {
  it('holds no script, no inline style and no outside address', () => {
    for (const language of ['zh', 'en'] as const) {
      const page = statusPage(language, { up: 1, degraded: 2, down: 3, unknown: 4 });
      expect(page).not.toMatch(/<script|<style|style=|https?:/);
      expect(page).toContain('<dd>3</dd>');
    }
  });
  it('shows no figures without counts', () => {
    expect(statusPage('en', null)).not.toContain('<dd>');
  });
});

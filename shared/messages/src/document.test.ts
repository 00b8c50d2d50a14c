/** The templates in docs/templates.md work, and the tables there name what there is. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkTemplate } from './check.ts';

const read = (name: string) => readFileSync(fileURLToPath(new URL(`../../../docs/${name}`, import.meta.url)), 'utf8');

describe.each(['templates.md', 'templates.zh-CN.md'])('docs/%s', (name) => {
  const text = read(name);
  const examples = [...text.matchAll(/^```liquid\n([\s\S]*?)^```/gm)].map(([, template = '']) => template);

  it('has examples that work', () => {
    expect(examples).toHaveLength(2);
    for (const template of examples) {
      expect(checkTemplate(template, 'gateway')).toBeNull();
      expect(checkTemplate(template, 'message') === null).toBe(!template.includes('secrets'));
    }
  });

  it('names variables that there are', () => {
    const [, general = '', ofIncident = ''] = /\n\|---\|---\|\n((?:\|.*\n)+)[\s\S]*?\n\|---\|---\|\n((?:\|.*\n)+)/.exec(text) ?? [];
    const variables = [...namesIn(general, ''), ...namesIn(ofIncident, 'incident.')];
    expect(variables.length).toBeGreaterThan(60);
    for (const variable of variables)
      expect([variable, checkTemplate(`{% assign x = ${variable} %}`, 'message')]).toEqual([variable, null]);
  });
});

/** The names in the first column of a table: `cause.id`, and `.name` after it. What stands in brackets belongs to a list. */
function namesIn(table: string, prefix: string): string[] {
  return table.split('\n').flatMap((row) => {
    const cell = (row.split('|')[1] ?? '').replace(/[(（][^)）]*[)）]/g, '');
    let base = '';
    return [...cell.matchAll(/`([\w.]+)`/g)].map(([, name = '']) => {
      if (!name.startsWith('.')) base = name.split('.').slice(0, -1).join('.');
      return `${prefix}${name.startsWith('.') ? `${base}${name}` : name}`;
    });
  });
}

import type { Language } from '../../wording/index.ts';
import { CHART_WORDS } from '../charts/words.ts';
import { ASCII } from '../fonts/faces.ts';
import { printCell } from './cells.ts';
import type { Block, Content } from './content.ts';
import { SECTIONS, SENTENCES, WORDS } from './words.ts';

/** Numbers and punctuation of headings and captions. */
const OWN = '零一二三四五六七八九十、（）：表图第页共　·–—−±×✓？。，；';

/** Every text that a document of this content prints, put together: what its fonts must have characters for. */
export function characters(content: Content, language: Language): string {
  const words = [SECTIONS, WORDS, SENTENCES, CHART_WORDS].flatMap((group) => Object.values(group).map((word) => word[language]));
  const facts = content.cover.flatMap(({ label, value }) => [label, value]);
  const blocks = content.sections.flatMap((section) => [section.title, ...section.blocks.map((block) => blockText(block, language))]);
  return [ASCII, OWN, content.title, content.subtitle, content.status, ...content.remarks, ...words, ...facts, ...blocks].join('');
}

function blockText(block: Block, language: Language): string {
  switch (block.kind) {
    case 'paragraph':
      return block.text;
    case 'figure':
      return Object.values(block.figure).join('');
    case 'facts':
      return block.facts.map(({ label, value }) => label + value).join('');
    case 'chart':
      return `${block.caption}${block.chart.alt}${block.chart.note ?? ''}`;
    case 'table': {
      const { caption, note, columns, rows } = block.table;
      const cells = rows.flatMap((row) => row.map((cell) => printCell(cell, language)));
      return [caption, note ?? '', ...columns.map(({ heading }) => heading), ...cells].join('');
    }
  }
}

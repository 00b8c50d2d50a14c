import type { Language } from '../../wording/index.ts';
import type { Section } from './content.ts';

const CHINESE = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/** A number up to 99 in Chinese: 十二, 二十. */
export function chineseNumber(value: number): string {
  const tens = Math.floor(value / 10);
  const ones = value % 10;
  if (tens === 0) return CHINESE[ones] ?? String(value);
  return `${tens > 1 ? CHINESE[tens] : ''}十${ones > 0 ? CHINESE[ones] : ''}`;
}

/** Numbers of headings, tables and charts, in the order in which they are asked for. */
export class Numbering {
  readonly #language: Language;
  #section = 0;
  #part = 0;
  #tables = 0;
  #charts = 0;
  /** Id of the section of level 1 that the last heading belongs to. */
  parent = '';

  constructor(language: Language) {
    this.#language = language;
  }

  /** A heading with its number: `二、用户接入可用率`, `（三）中断明细`; `2 User access`, `2.3 Outages`. */
  heading(section: Pick<Section, 'id' | 'level' | 'title'>): string {
    const isChinese = this.#language === 'zh';
    if (section.level === 1) {
      this.#section++;
      this.#part = 0;
      this.parent = section.id;
      return isChinese ? `${chineseNumber(this.#section)}、${section.title}` : `${this.#section} ${section.title}`;
    }
    this.#part++;
    return isChinese ? `（${chineseNumber(this.#part)}）${section.title}` : `${this.#section}.${this.#part} ${section.title}`;
  }

  /** The caption of the next table: `表 3　…`. */
  table(caption: string): string {
    this.#tables++;
    return this.#language === 'zh' ? `表 ${this.#tables}　${caption}` : `Table ${this.#tables}. ${caption}`;
  }

  /** The caption of the next chart: `图 2　…`. */
  chart(caption: string): string {
    this.#charts++;
    return this.#language === 'zh' ? `图 ${this.#charts}　${caption}` : `Figure ${this.#charts}. ${caption}`;
  }
}

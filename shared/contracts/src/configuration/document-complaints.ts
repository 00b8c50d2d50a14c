/** What can be wrong with a file before its content is looked at, and its limits. */
import { type Complaint, type Place, text } from './fault.ts';

/** Largest configuration accepted, all files together: about 120,000 objects; reading it takes 2 GB of memory, as positions are kept. */
export const MAX_BYTES = 16 * 1024 * 1024;
/** Values that aliases may add to a file: far above honest use, far below what hurts. */
export const MAX_ALIAS_VALUES = 2_000_000;
/** Levels of nesting. */
export const MAX_DEPTH = 64;

export const EMPTY: Complaint = {
  code: 'empty-file',
  problem: text('the file is empty', '文件为空'),
  expected: text('at least one section, such as "node:" or "devices:"', '至少一个配置段，例如 "node:" 或 "devices:"'),
};
export const NOT_UTF8: Complaint = {
  code: 'not-utf-8',
  problem: text('the file is not UTF-8 text', '文件不是 UTF-8 文本'),
  expected: text('UTF-8 (save the file again with that encoding; GBK is not accepted)', 'UTF-8 编码（请另存为 UTF-8；不接受 GBK）'),
};
export const TOO_LARGE: Complaint = {
  code: 'too-large',
  problem: text('the configuration is too large', '配置过大'),
  expected: text(`at most ${MAX_BYTES / 1024 / 1024} MiB in all files together`, `全部文件合计不超过 ${MAX_BYTES / 1024 / 1024} MiB`),
};
export const TOO_DEEP: Complaint = {
  code: 'too-deep',
  problem: text('values are nested too deep', '嵌套层次过深'),
  expected: text(`at most ${MAX_DEPTH} levels`, `不超过 ${MAX_DEPTH} 层`),
};
export const TOO_MANY_ALIASES: Complaint = {
  code: 'alias-limit',
  problem: text('aliases (*name) repeat too much', '别名 (*name) 展开过多'),
  expected: text(`at most ${MAX_ALIAS_VALUES} values added by aliases in one file`, `每个文件由别名展开的值不超过 ${MAX_ALIAS_VALUES} 个`),
};
export const SELF_ALIAS: Complaint = {
  code: 'alias-of-itself',
  problem: text('an alias (*name) stands inside the value it repeats', '别名 (*name) 位于它所引用的值之内'),
  expected: text('an alias of a value that stands before it', '引用在它之前已结束的值'),
};
export const NO_TEXT: Complaint = {
  code: 'bad-text',
  problem: text('the text holds a NUL or half a character', '文本含有 NUL 或不完整的字符'),
  expected: text('text without \\0 and without single \\uD800 to \\uDFFF', '不含 \\0，也不含单独的 \\uD800 至 \\uDFFF'),
};
export const BAD_KEY: Complaint = {
  code: 'bad-key',
  problem: text('a key is not plain text', '键不是普通文本'),
  expected: text('a name as key', '以名称作为键'),
};
export const duplicateKey = (key: string, first: Place): Complaint => ({
  code: 'duplicate-key',
  problem: text(`the key "${key}" stands twice in one mapping`, `同一映射中键 "${key}" 出现两次`),
  expected: text(
    `each key once; the first is at line ${first.line}, column ${first.column}`,
    `每个键只出现一次；首次出现在第 ${first.line} 行第 ${first.column} 列`,
  ),
});

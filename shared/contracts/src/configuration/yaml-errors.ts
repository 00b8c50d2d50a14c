/** The YAML parser's codes in plain words. Its own messages are not passed on: they may quote the text, and that may be a secret. */
import { type Document, isCollection, visit, type YAMLError } from 'yaml';
import { type Complaint, type Text, text } from './fault.ts';

const expectedYaml = text('well-formed YAML 1.2', '合法的 YAML 1.2');

const PROBLEMS: Readonly<Record<string, readonly [problem: Text, expected: Text]>> = {
  ALIAS_PROPS: [text('an alias (*name) has an anchor or a tag', '别名 (*name) 带有锚点或标签'), text('the alias alone', '仅别名本身')],
  BAD_ALIAS: [
    text('an alias (*name) repeats an anchor that is not there', '别名 (*name) 引用了不存在的锚点'),
    text('an anchor (&name) before it; put text that begins with * in quotes', '在它之前定义锚点 (&name)；以 * 开头的文本请加引号'),
  ],
  BAD_DIRECTIVE: [
    text('a line beginning with % is not a known directive', '以 % 开头的行不是已知指令'),
    text('text that begins with % in quotes', '以 % 开头的文本请加引号'),
  ],
  BAD_DQ_ESCAPE: [
    text('an escape (\\…) in double quotes is not known', '双引号中的转义 (\\…) 无法识别'),
    text('\\\\ for a backslash, or single quotes', '反斜杠写作 \\\\，或使用单引号'),
  ],
  BAD_INDENT: [
    text('the indentation is wrong', '缩进错误'),
    text('items of one list or mapping at the same column, and deeper than their parent', '同一列表或映射的各项对齐，且比上级缩进更深'),
  ],
  BAD_SCALAR_START: [
    text('plain text cannot begin with this character', '普通文本不能以该字符开头'),
    text('the text in quotes', '给文本加引号'),
  ],
  BLOCK_AS_IMPLICIT_KEY: [
    text('a mapping stands where a single value was begun', '在单个值的位置出现了映射'),
    text('one "key: value" on a line; text with ": " in quotes', '每行一个“键: 值”；含 ": " 的文本请加引号'),
  ],
  BLOCK_IN_FLOW: [
    text('an indented block stands inside { } or [ ]', '{ } 或 [ ] 中出现缩进块'),
    text('values separated by commas inside brackets', '括号内以逗号分隔各值'),
  ],
  MISSING_CHAR: [
    text(
      'a character is missing, such as a closing quote or bracket, or the space after ":" or "-"',
      '缺少字符，例如右引号、右括号，或 ":" 与 "-" 之后的空格',
    ),
    expectedYaml,
  ],
  MULTILINE_IMPLICIT_KEY: [
    text('a key goes over several lines; often a ":" is missing after it', '键跨越多行；通常是其后缺少 ":"'),
    text('"key: value" on one line', '“键: 值”写在同一行'),
  ],
  MULTIPLE_DOCS: [
    text('the file holds several documents (---)', '文件中含有多个文档 (---)'),
    text('one document a file', '每个文件一个文档'),
  ],
  TAB_AS_INDENT: [text('a tab is used as indentation', '使用了制表符缩进'), text('spaces', '使用空格缩进')],
  TAG_RESOLVE_FAILED: [
    text('a tag (!name) is not known', '标签 (!name) 无法识别'),
    text('no tags; put text that begins with ! in quotes', '不使用标签；以 ! 开头的文本请加引号'),
  ],
  UNEXPECTED_TOKEN: [text('something stands where it cannot', '此处出现了不应有的内容'), expectedYaml],
  RESOURCE_EXHAUSTION: [text('values are nested too deep', '嵌套层次过深'), text('at most 64 levels', '不超过 64 层')],
};

export function explainYaml(code: string): Complaint {
  const [problem, expected] = PROBLEMS[code] ?? [text('this is not well-formed YAML', '不是合法的 YAML'), expectedYaml];
  return { code: 'yaml', problem, expected, found: null };
}

/** A complaint and the offset in the text where it belongs. */
export interface YamlComplaint {
  readonly offset: number;
  readonly complaint: Complaint;
}

/**
 * What the parser complains of. A bracket that is never closed is only noticed by it at the next line that is not indented enough,
 * as wrong indentation there; it is said of the line that opens the bracket.
 */
export function explainYamlErrors(parsed: Document.Parsed, source: string): YamlComplaint[] {
  const open = unclosedBrackets(parsed, source);
  const others = open.length === 0 ? parsed.errors : parsed.errors.filter((error) => !isOfOpenBracket(error));
  return [...open, ...others.map((error) => ({ offset: error.pos[0], complaint: explainYaml(error.code) }))];
}

const isOfOpenBracket = (error: YAMLError) => error.code === 'BAD_INDENT' && error.message.startsWith('Flow ');

function unclosedBrackets(parsed: Document.Parsed, source: string): YamlComplaint[] {
  if (!parsed.errors.some(isOfOpenBracket)) return [];
  const found: YamlComplaint[] = [];
  visit(parsed, {
    Collection(_, node) {
      const [start, end] = node.range ?? [];
      if (!isCollection(node) || !node.flow || start === undefined || end === undefined) return;
      const bracket = source[start] === '{' ? '}' : ']';
      if (source[end - 1] !== bracket) found.push({ offset: start, complaint: unclosed(source[start] ?? '', bracket) });
    },
  });
  return found;
}

const unclosed = (opening: string, closing: string): Complaint => ({
  code: 'yaml',
  problem: text(`the "${opening}" that begins here is not closed`, `此处的 "${opening}" 没有闭合`),
  expected: text(`a "${closing}" at its end, and every line up to it indented`, `末尾的 "${closing}"，且其间各行均有缩进`),
  found: null,
});

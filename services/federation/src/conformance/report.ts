/** The report of a conformance test: what a province hands in. */
import type { BothWords, CaseResult, Outcome } from './case.ts';

export const CONFORMANCE_KIT = '1.0';

export interface ConformanceReport {
  readonly kit: string;
  readonly protocol: number;
  readonly role: 'receiver' | 'sender';
  /** Who was tested. */
  readonly subject: { readonly node: string; readonly software: string };
  /** RFC 3339, UTC. */
  readonly begun: string;
  readonly ended: string;
  readonly counts: Readonly<Record<Outcome, number>>;
  /** Nothing failed, and nothing that the class asks for was left out. */
  readonly conforms: boolean;
  readonly cases: readonly CaseResult[];
}

export function makeReport(
  head: Pick<ConformanceReport, 'role' | 'subject'> & { readonly begun: number; readonly ended: number },
  cases: readonly CaseResult[],
): ConformanceReport {
  const count = (outcome: Outcome) => cases.filter((each) => each.outcome === outcome).length;
  const counts = { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
  const time = (at: number) => new Date(at).toISOString();
  const { role, subject, begun, ended } = head;
  const conforms = counts.failed === 0 && counts.passed > 0;
  return { kit: CONFORMANCE_KIT, protocol: 1, role, subject, begun: time(begun), ended: time(ended), counts, conforms, cases };
}

type Language = keyof BothWords;

const WORDS = {
  en: {
    title: { receiver: 'Conformance report: receiver', sender: 'Conformance report: sender' },
    head: ['tested', 'software', 'protocol', 'kit', 'begun', 'ended', 'result'],
    conforms: (isSo: boolean) => (isSo ? 'conforms' : 'does not conform'),
    counts: ({ passed, failed, skipped }: ConformanceReport['counts']) => `${passed} passed, ${failed} failed, ${skipped} not tried`,
    columns: ['case', 'chapter', 'rule', 'result', 'seen'],
    outcome: { passed: 'passed', failed: '**failed**', skipped: 'not tried' },
  },
  zh: {
    title: { receiver: '对接测试报告：接收方', sender: '对接测试报告：发送方' },
    head: ['被测节点', '软件', '协议', '测试套件', '开始', '结束', '结论'],
    conforms: (isSo: boolean) => (isSo ? '符合' : '不符合'),
    counts: ({ passed, failed, skipped }: ConformanceReport['counts']) => `通过 ${passed} 项，未通过 ${failed} 项，未测 ${skipped} 项`,
    columns: ['用例', '章节', '规则', '结果', '所见'],
    outcome: { passed: '通过', failed: '**未通过**', skipped: '未测' },
  },
} as const;

/** The report as a document for people. */
export function reportInWords(report: ConformanceReport, language: Language): string {
  const words = WORDS[language];
  const { subject, protocol, kit, begun, ended, conforms, counts } = report;
  const values = [subject.node, subject.software, protocol, kit, begun, ended, `${words.conforms(conforms)} (${words.counts(counts)})`];
  const head = words.head.map((name, index) => `- ${name}: ${values[index]}`);
  const rows = report.cases.map(({ id, chapter, rule, outcome, seen }) =>
    row([`\`${id}\``, String(chapter), rule[language], words.outcome[outcome], seen]),
  );
  const table = [row(words.columns), row(words.columns.map(() => '---')), ...rows];
  return [`# ${words.title[report.role]}`, '', ...head, '', ...table, ''].join('\n');
}

const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;

import type { AuditVerification, Language } from '@beacontower/contracts';

type FaultCode = AuditVerification['faults'][number]['code'];

/** Lines of `beacontower audit --help`. */
export const AUDIT_DETAILS: readonly string[] = [
  'Computes every link of the chain anew from the rows themselves, looks for rows beside the chain, and compares both with the',
  'checkpoints that the node signed: those in the database and those in audit-checkpoints.jsonl in the data directory.',
  '',
  '--head SEQUENCE:HASH   a place that was written down before (an earlier run prints it); it must still be there',
  '--key FILE|BASE64      a public key that checkpoints may be signed by, beside the one of this node; may be repeated',
  '--data DIR             data directory of the node (default: as for up)',
];

interface Words {
  readonly faults: Readonly<Record<FaultCode, string>>;
  readonly place: (sequence: number | null) => string;
  readonly more: (count: number) => string;
  readonly counted: (found: AuditVerification) => string;
  readonly head: (found: AuditVerification) => string;
  readonly signed: (found: AuditVerification) => string;
  readonly torn: (count: number) => string;
  readonly verdict: (faultCount: number) => string;
}

const en: Words = {
  faults: {
    'missing-link': 'links are missing',
    'row-changed': 'a row was changed',
    'row-missing': 'a row is gone',
    'link-broken': 'a link does not follow the one before',
    unlinked: 'a row stands beside the chain',
    'checkpoint-differs': 'a place that was fixed is another now',
    'checkpoint-unsigned': 'a checkpoint is not signed by a known key',
  },
  place: (sequence) => (sequence === null ? 'outside the chain' : `at ${sequence}`),
  more: (count) => `  and ${count} more`,
  counted: ({ rows, waiting, tookMs }) =>
    `${rows} rows checked in ${(tookMs / 1000).toFixed(1)} s${waiting === 0 ? '' : `; ${waiting} of the last moments have no place yet`}`,
  head: ({ head }) => (head === null ? 'the chain is empty' : `the chain ends at ${head.sequence}:${head.hash}`),
  signed: ({ checkpoints, signedUpTo, head }) =>
    `${checkpoints} checkpoints; signed up to ${signedUpTo}, ${(head?.sequence ?? 0) - signedUpTo} rows since`,
  torn: (count) => `${count} lines of audit-checkpoints.jsonl cannot be read (cut short by a crash, or changed)`,
  verdict: (count) => (count === 0 ? 'the audit agrees with itself' : `THE AUDIT DOES NOT AGREE WITH ITSELF: ${count} faults`),
};

const zh: Words = {
  faults: {
    'missing-link': '链上缺少环节',
    'row-changed': '记录被改动',
    'row-missing': '记录已不存在',
    'link-broken': '环节与前一环节不衔接',
    unlinked: '有记录绕过了链',
    'checkpoint-differs': '与已固定的检查点不符',
    'checkpoint-unsigned': '检查点的签名不是已知密钥所签',
  },
  place: (sequence) => (sequence === null ? '链外' : `第 ${sequence} 号`),
  more: (count) => `  另有 ${count} 处`,
  counted: ({ rows, waiting, tookMs }) =>
    `已核验 ${rows} 条记录，用时 ${(tookMs / 1000).toFixed(1)} 秒${waiting === 0 ? '' : `；刚写入的 ${waiting} 条尚未入链`}`,
  head: ({ head }) => (head === null ? '链为空' : `链尾 ${head.sequence}:${head.hash}`),
  signed: ({ checkpoints, signedUpTo, head }) =>
    `检查点 ${checkpoints} 个；已签名至 ${signedUpTo}，其后 ${(head?.sequence ?? 0) - signedUpTo} 条尚未签名`,
  torn: (count) => `audit-checkpoints.jsonl 有 ${count} 行无法读取（因崩溃中断，或被改动）`,
  verdict: (count) => (count === 0 ? '审计日志完整，未发现改动' : `审计日志不完整：发现 ${count} 处问题`),
};

export const AUDIT_WORDS: Readonly<Record<Language, Words>> = { en, zh };

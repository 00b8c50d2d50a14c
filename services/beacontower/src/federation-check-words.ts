import type { ConformanceReport } from '@beacontower/service-federation';

const MARKS = { passed: '✓', failed: '✗', skipped: '–' } as const;

/** What `beacontower federation check` says. */
export const CHECK_WORDS = {
  en: {
    marks: MARKS,
    code: (code: string) => `Have it approved: the code is ${code}`,
    listening: (url: string, invitation: string) =>
      `A centre is played at ${url}. Have the system under test join it with this invitation; whoever asks is let in:\n${invitation}`,
    came: (code: string) => `It asks to be let in; the code is ${code}. It must show the same.`,
    verdict: ({ conforms, counts: { passed, failed, skipped } }: ConformanceReport) =>
      `${conforms ? 'conforms' : 'does not conform'}: ${passed} passed, ${failed} failed, ${skipped} not tried`,
  },
  zh: {
    marks: MARKS,
    code: (code: string) => `请对方批准：核对码为 ${code}`,
    listening: (url: string, invitation: string) => `模拟中心已在 ${url} 监听。请让被测系统以下列邀请加入，申请将自动批准：\n${invitation}`,
    came: (code: string) => `收到入网申请，核对码为 ${code}，被测系统应显示相同的码。`,
    verdict: ({ conforms, counts: { passed, failed, skipped } }: ConformanceReport) =>
      `${conforms ? '符合' : '不符合'}：通过 ${passed} 项，未通过 ${failed} 项，未测 ${skipped} 项`,
  },
} as const;

import { ApiError } from '../api/client.ts';
import { defineWords, useWords } from '../i18n/language.tsx';
import { Refusal } from './field.tsx';

const PROBLEMS = defineWords({
  zh: {
    unreachable: '连不上节点，没有完成。',
    forbidden: '没有权限，或不允许这样做。',
    gone: '已不存在，请刷新。',
    conflict: '有人先改了：请看过最新内容后再改。',
    many: '操作过于频繁，请稍后再试。',
    wrong: '填写的内容有误。',
    failed: '节点出错，没有完成。',
  },
  en: {
    unreachable: 'The node cannot be reached; nothing was done.',
    forbidden: 'You may not do that.',
    gone: 'It is not there any more: read again.',
    conflict: 'Somebody was faster: look at what is there now, then change it.',
    many: 'Too many requests: wait a while.',
    wrong: 'Something that was entered is wrong.',
    failed: 'The node failed; nothing was done.',
  },
});

type Kind = keyof (typeof PROBLEMS)['zh'];

/** Which words tell why something was not done. */
function kindOf(error: unknown): Kind {
  if (!(error instanceof ApiError)) return 'failed';
  if (error.status === 0) return 'unreachable';
  if (error.status === 401 || error.status === 403) return 'forbidden';
  if (error.status === 404 || error.status === 410) return 'gone';
  if (error.status === 409 || error.status === 412) return 'conflict';
  if (error.status === 429) return 'many';
  return error.status < 500 ? 'wrong' : 'failed';
}

/** Why something was not done, in the reader's words, and beside them those of the API. */
export function ProblemNote({ error }: { error: unknown }) {
  const words = useWords(PROBLEMS);
  if (error === null || error === undefined) return <Refusal text={null} />;
  const problem = error instanceof ApiError ? error.problem : null;
  const fields = problem?.errors?.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  return <Refusal text={words[kindOf(error)]} detail={fields || problem?.detail || null} />;
}

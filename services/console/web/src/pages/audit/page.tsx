import { useWords } from '../../i18n/language.tsx';
import { Page } from '../../parts/page.tsx';
import { SHELL } from '../../shell/words.ts';

export default function AuditPage() {
  const words = useWords(SHELL);
  return <Page title={words.audit}>{null}</Page>;
}

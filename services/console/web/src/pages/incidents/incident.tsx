import { useWords } from '../../i18n/language.tsx';
import { Page } from '../../parts/page.tsx';
import { SHELL } from '../../shell/words.ts';

export default function IncidentPage() {
  const words = useWords(SHELL);
  return <Page title={words.incidents}>{null}</Page>;
}

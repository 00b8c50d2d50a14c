import { ApiError } from '../../api/client.ts';
import { useLanguage } from '../../i18n/language.tsx';
import { Failure } from '../../parts/failure.tsx';
import { FAULTS } from './words.ts';

/** Why something was not done: in the words of this page where its code is known, else in those of the API. */
export function Refusal({ error }: { error: unknown }) {
  const { language } = useLanguage();
  const known: Readonly<Record<string, string | undefined>> = FAULTS[language];
  const text = error instanceof ApiError ? known[error.code] : undefined;
  if (text === undefined) return <Failure error={error} />;
  return (
    <p role="alert" className="refusal">
      {text}
    </p>
  );
}

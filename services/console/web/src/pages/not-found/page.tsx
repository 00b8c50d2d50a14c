import { Link } from 'react-router';
import { useSession } from '../../api/session.tsx';
import { useWords } from '../../i18n/language.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Page } from '../../parts/page.tsx';
import { homeOf } from '../../shell/places.ts';
import { SHELL } from '../../shell/words.ts';

/** For an address that is none. */
export default function NotFoundPage() {
  const words = useWords(SHELL);
  const { roles } = useSession();
  return (
    <Page title={words.notFound}>
      <EmptyState title={words.notFoundWhat}>
        <Link to={homeOf(roles)}>{words.toHome}</Link>
      </EmptyState>
    </Page>
  );
}

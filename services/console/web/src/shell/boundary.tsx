import { Component, type ReactNode } from 'react';
import { useLocation } from 'react-router';
import { useWords } from '../i18n/language.tsx';
import { SHELL } from './words.ts';

interface Held {
  readonly error: unknown;
}

/** A page that fails to show does not take the others with it. */
class Catch extends Component<{ readonly children: ReactNode; readonly failed: ReactNode }, Held> {
  override state: Held = { error: null };
  static getDerivedStateFromError(error: unknown): Held {
    return { error };
  }
  override render(): ReactNode {
    return this.state.error === null ? this.props.children : this.props.failed;
  }
}

/** Around a page: what failed in one address does not stay when one goes to another. */
export function Boundary({ children }: { children: ReactNode }) {
  const words = useWords(SHELL);
  const { pathname } = useLocation();
  return (
    <Catch
      key={pathname.split('/')[1] ?? ''}
      failed={
        <div role="alert" className="part-failure">
          <strong>{words.pageFailed}</strong>
          <p>{words.pageFailedWhat}</p>
          <button type="button" className="button primary" onClick={() => window.location.reload()}>
            {words.reload}
          </button>
        </div>
      }
    >
      {children}
    </Catch>
  );
}

import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';

export type Theme = 'dark' | 'light';
const KEPT = 'beacontower.theme';

interface Held {
  readonly theme: Theme;
  readonly setTheme: (theme: Theme) => void;
}
const Context = createContext<Held | null>(null);

function first(): Theme {
  const kept = localStorage.getItem(KEPT);
  if (kept === 'dark' || kept === 'light') return kept;
  return window.matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
}

/** Dark or light: what the system asks for, until somebody chooses. */
export function ThemeProvider({ children }: { children: ReactNode }) {
  const [theme, setTheme] = useState<Theme>(first);
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  const held = useMemo<Held>(
    () => ({
      theme,
      setTheme: (next) => {
        localStorage.setItem(KEPT, next);
        setTheme(next);
      },
    }),
    [theme],
  );
  return <Context.Provider value={held}>{children}</Context.Provider>;
}

export function useTheme(): Held {
  const held = useContext(Context);
  if (held === null) throw new TypeError('outside of the theme provider');
  return held;
}

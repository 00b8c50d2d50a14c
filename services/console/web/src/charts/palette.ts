import { useMemo } from 'react';
import { useTheme } from '../theme/theme.tsx';

/** Colours of the theme as a canvas needs them: values, not variables. */
export interface Palette {
  readonly text: string;
  readonly soft: string;
  readonly line: string;
  readonly raised: string;
  readonly first: string;
  readonly second: string;
  readonly loss: string;
  readonly limit: string;
  readonly font: string;
}

/** The palette of the theme that is shown (tokens.css), read anew when it changes. */
export function usePalette(): Palette {
  const { theme } = useTheme();
  return useMemo(() => read(theme), [theme]);
}

function read(theme: string): Palette {
  // The attribute is set by an effect that may come after this: what is asked for is written down first.
  document.documentElement.setAttribute('data-theme', theme);
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    text: token('text'),
    soft: token('text-soft'),
    line: token('line'),
    raised: token('surface-raised'),
    first: token('accent'),
    second: token('degraded'),
    loss: token('down'),
    limit: token('line-strong'),
    font: getComputedStyle(document.body).fontFamily,
  };
}

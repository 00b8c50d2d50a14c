import type { ThemeConfig } from 'antd';
import type { Theme } from './theme.tsx';

/** Our palette (tokens.css) for Ant Design, which reckons with colours and so cannot take variables. */
export function antTokens(theme: Theme): NonNullable<ThemeConfig['token']> {
  const dark = theme === 'dark';
  return {
    colorPrimary: dark ? '#6cb6ff' : '#0b5cab',
    colorLink: dark ? '#6cb6ff' : '#0b5cab',
    colorTextLightSolid: dark ? '#06121f' : '#ffffff',
    colorSuccess: dark ? '#2fc496' : '#00734f',
    colorWarning: dark ? '#f2b33d' : '#855600',
    colorError: dark ? '#ff7a59' : '#b02a0b',
    colorInfo: dark ? '#7fb8ff' : '#1e5aa8',
    colorBgBase: dark ? '#13202d' : '#ffffff',
    colorBgLayout: dark ? '#0b131c' : '#eef2f6',
    colorTextBase: dark ? '#eaf1f7' : '#12202e',
    colorTextSecondary: dark ? '#a9bccd' : '#47596b',
    colorTextTertiary: dark ? '#a9bccd' : '#47596b',
    colorTextDescription: dark ? '#a9bccd' : '#47596b',
    colorTextPlaceholder: dark ? '#93a8bb' : '#5b6c7d',
    colorTextDisabled: dark ? '#8ba0b3' : '#64758a',
    colorBorder: dark ? '#6d8399' : '#6b7f92',
    fontFamily: 'var(--font)',
    borderRadius: 6,
    motion: false,
  };
}

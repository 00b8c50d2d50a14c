import { App as AntApp, theme as antTheme, ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import 'dayjs/locale/zh-cn';
import { Outlet } from 'react-router';
import { useLanguage } from '../i18n/language.tsx';
import { antTokens } from '../theme/antd.ts';
import { useTheme } from '../theme/theme.tsx';

/** Pages one works at: Ant Design in our palette and language, its styles under the nonce of this page. */
export default function Desk() {
  const { language } = useLanguage();
  const { theme } = useTheme();
  return (
    <ConfigProvider
      locale={language === 'zh' ? zhCN : enUS}
      csp={{ nonce: document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '' }}
      theme={{ algorithm: theme === 'dark' ? antTheme.darkAlgorithm : antTheme.defaultAlgorithm, token: antTokens(theme), hashed: false }}
    >
      <AntApp component={false}>
        <Outlet />
      </AntApp>
    </ConfigProvider>
  );
}

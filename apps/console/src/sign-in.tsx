import { useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState, type ReactNode } from 'react';
import { api, useSend, type Schemas } from './api.ts';
import { common } from './i18n/common.ts';
import { chooseLanguage, useLanguage, useTexts } from './i18n/index.ts';
import { shell } from './i18n/shell.ts';
import { signedIn } from './session.tsx';
import { Logo } from './ui/icons.tsx';
import { explain } from './ui/states.tsx';

export function SignIn(): ReactNode {
  const t = useTexts(shell);
  const c = useTexts(common);
  const client = useQueryClient();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const open = useSend((body: Schemas['NewSession']) => api.POST('/v1/sessions', { body }), {
    onDone: (me) => signedIn(client, me),
  });
  const { error } = open;
  return (
    <GateFrame title={t('sign.in.to')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (username.trim() !== '' && password !== '') open.mutate({ username: username.trim(), password });
        }}
      >
        <label>
          {t('username')}
          <Input
            size="large"
            autoFocus
            autoComplete="username"
            name="username"
            value={username}
            onChange={(event) => setUsername(event.target.value)}
          />
        </label>
        <label>
          {t('password')}
          <Input.Password
            size="large"
            autoComplete="current-password"
            name="password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </label>
        {error && (
          <div className="notice bad" role="alert">
            {error.status === 401 ? t('sign.in.wrong') : error.status === 429 ? t('sign.in.wait') : explain(error, c)}
          </div>
        )}
        <Button type="primary" size="large" htmlType="submit" loading={open.isPending}>
          {t('sign.in')}
        </Button>
      </form>
    </GateFrame>
  );
}

/** Where the link leads that the hub prints at the first start of an empty installation. */
export function SignUp(): ReactNode {
  const t = useTexts(shell);
  const c = useTexts(common);
  const client = useQueryClient();
  const [token] = useState(() => location.hash.slice(1));
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const make = useSend(
    async (body: Schemas['NewFirstOperator']) => {
      await api.POST('/v1/sign-ups', { body });
      return api.POST('/v1/sessions', { body: { username: body.username, password: body.password } });
    },
    {
      onDone: (me) => {
        signedIn(client, me);
        // A new document: the token leaves the address bar and the history.
        location.replace('/');
      },
    },
  );
  const { error } = make;
  return (
    <GateFrame title={t('sign.up')}>
      <p className="muted">{t('sign.up.why')}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate({ token, username: username.trim(), password });
        }}
      >
        <label>
          {t('username')}
          <Input
            size="large"
            autoFocus
            autoComplete="username"
            value={username}
            onChange={(event) => setUsername(event.target.value)}
          />
          <span className="small muted">{t('username.rule')}</span>
        </label>
        <label>
          {t('password')}
          <Input.Password
            size="large"
            autoComplete="new-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          <span className="small muted">{t('password.rule')}</span>
        </label>
        {(error || token === '') && (
          <div className="notice bad" role="alert">
            {error && error.status !== 404 ? explain(error, c) : t('sign.up.used')}
          </div>
        )}
        <Button
          type="primary"
          size="large"
          htmlType="submit"
          loading={make.isPending}
          disabled={token === '' || username.trim().length < 2 || password.length < 12}
        >
          {t('sign.up.go')}
        </Button>
      </form>
    </GateFrame>
  );
}

/** The frame of what is shown before anybody is signed in. */
export function GateFrame({ title, children }: { title: string; children: ReactNode }): ReactNode {
  const language = useLanguage();
  return (
    <main className="gate" style={{ maxWidth: 'none' }}>
      <div className="card">
        <div className="row between">
          <div className="row">
            <Logo size={28} />
            <h1>{title}</h1>
          </div>
        </div>
        {children}
        <div className="row between small muted">
          <span>微信第三方平台运营后台</span>
          <Button
            type="link"
            size="small"
            lang={language === 'en' ? 'zh-CN' : 'en'}
            onClick={() => chooseLanguage(language === 'en' ? 'zh-CN' : 'en')}
          >
            {language === 'en' ? '中文' : 'English'}
          </Button>
        </div>
      </div>
    </main>
  );
}

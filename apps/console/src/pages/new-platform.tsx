import { Input } from 'antd';
import { useState, type ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { api, useSend, type Schemas } from '../api.ts';
import { connectTexts } from '../i18n/connect.ts';
import { useTexts } from '../i18n/index.ts';
import { ActionButton } from '../ui/action.tsx';
import { Card, Page } from '../ui/page.tsx';
import { Refusal } from '../ui/states.tsx';

const EMPTY: Schemas['NewPlatform'] = {
  component_appid: '',
  component_appsecret: '',
  token: '',
  encoding_aes_key: '',
  name: '',
};

export default function NewPlatform(): ReactNode {
  const t = useTexts(connectTexts);
  const navigate = useNavigate();
  const [platform, setPlatform] = useState(EMPTY);
  const create = useSend((body: Schemas['NewPlatform']) => api.POST('/v1/platforms', { body }), {
    touches: ['/v1/platforms'],
    onDone: ({ component_appid }) => void navigate(`/p/${component_appid}/connect`),
  });
  const set = (name: keyof typeof EMPTY) => (event: { target: { value: string } }) =>
    setPlatform({ ...platform, [name]: event.target.value.trim() });
  const complete = Object.values(platform).every((value) => value !== '');
  return (
    <Page title={t('new.title')} question={t('new.question')}>
      <Card>
        <form
          className="form"
          style={{ maxWidth: 520 }}
          onSubmit={(event) => {
            event.preventDefault();
            if (complete) create.mutate(platform);
          }}
        >
          <label className="field">
            <span>{t('name')}</span>
            <Input value={platform.name} onChange={(event) => setPlatform({ ...platform, name: event.target.value })} />
          </label>
          <label className="field">
            <span>{t('new.appid')}</span>
            <Input value={platform.component_appid} onChange={set('component_appid')} placeholder="wx…" />
          </label>
          {(
            [
              ['component_appsecret', t('appsecret')],
              ['token', t('token')],
              ['encoding_aes_key', t('aes')],
            ] as const
          ).map(([name, label]) => (
            <label className="field" key={name}>
              <span>{label}</span>
              <Input.Password autoComplete="new-password" value={platform[name]} onChange={set(name)} />
            </label>
          ))}
          <p className="small muted">{t('new.secret')}</p>
          <Refusal error={create.error} />
          <div>
            <ActionButton
              type="primary"
              scope="platforms:write"
              operatorOnly
              loading={create.isPending}
              reason={complete ? null : t('new.question')}
              onClick={() => create.mutate(platform)}
            >
              {t('new.go')}
            </ActionButton>
          </div>
        </form>
      </Card>
    </Page>
  );
}

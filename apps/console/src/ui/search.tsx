import { Input } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import type { UrlState } from './url-state.ts';

/** Asks when the typing rests, so that a fast typist costs the hub one question. */
export function Search({
  url,
  placeholder,
  name = 'q',
}: {
  url: UrlState;
  placeholder: string;
  name?: string;
}): ReactNode {
  const present = url.get(name) ?? '';
  const [text, setText] = useState(present);
  useEffect(() => setText(present), [present]);
  useEffect(() => {
    if (text === present) return undefined;
    const timer = setTimeout(() => url.set({ [name]: text.trim() }, { replace: true }), 250);
    return () => clearTimeout(timer);
  }, [text, present, url, name]);
  return (
    <Input.Search
      className="wide"
      style={{ width: 260, maxWidth: '100%' }}
      allowClear
      aria-label={placeholder}
      placeholder={placeholder}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onSearch={(value) => url.set({ [name]: value.trim() })}
    />
  );
}

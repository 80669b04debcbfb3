import { Button, Modal } from 'antd';
import type { ReactNode } from 'react';
import { CopyButton } from './copy.tsx';

/** A secret that is shown once. Stays until it is closed on purpose: a click beside it must not lose it. */
export function ShownOnce({
  value,
  title,
  why,
  saved,
  onClose,
}: {
  value: string;
  title: string;
  why: string;
  /** Text of the button that closes it. */
  saved: string;
  onClose: () => void;
}): ReactNode {
  return (
    <Modal
      open
      title={title}
      closable={false}
      mask={{ closable: false }}
      keyboard={false}
      footer={
        <Button type="primary" onClick={onClose}>
          {saved}
        </Button>
      }
    >
      <div className="form">
        <p>{why}</p>
        <code className="break" data-testid="new-key">
          {value}
        </code>
        <div>
          <CopyButton text={value} />
        </div>
      </div>
    </Modal>
  );
}

import { Button, Input, Modal, type ButtonProps } from 'antd';
import { useId, useState, type ReactNode } from 'react';
import { common } from '../i18n/common.ts';
import { useTexts } from '../i18n/index.ts';
import { useSession, type Scope } from '../session.tsx';
import { say } from './toasts.tsx';

/** Why the signed-in person may not do something; null: may. */
export function useReason(scope?: Scope, operatorOnly = false): string | null {
  const t = useTexts(common);
  const { may, isOperator } = useSession();
  if (operatorOnly && !isOperator) return t('no.operator');
  if (scope !== undefined && !may(scope)) return t('no.scope', { scope });
  return null;
}

/** A button that stays in its place, disabled and with the reason, where the role does not suffice. */
export function ActionButton({
  scope,
  operatorOnly,
  reason: otherReason,
  onClick,
  ...props
}: Omit<ButtonProps, 'onClick' | 'disabled'> & {
  scope?: Scope;
  operatorOnly?: boolean;
  /** Another reason why it cannot be done now. */
  reason?: string | null;
  onClick: () => void;
}): ReactNode {
  const id = useId();
  const missing = useReason(scope, operatorOnly);
  const reason = missing ?? otherReason ?? null;
  if (reason === null) return <Button {...props} onClick={onClick} />;
  // Not `disabled`: the reason must be reachable by keyboard and readable by a screen reader.
  return (
    <>
      <Button
        {...props}
        type="default"
        danger={false}
        className="refused"
        aria-disabled="true"
        aria-describedby={id}
        title={reason}
        onClick={() => say(reason, 'bad')}
      />
      <span id={id} className="sr">
        {reason}
      </span>
    </>
  );
}

/** Asks before something is deleted or revealed; with `typed` the name has to be entered. */
export function ConfirmDialog({
  open,
  title,
  children,
  typed,
  danger = true,
  okText,
  busy = false,
  onOk,
  onCancel,
}: {
  open: boolean;
  title: string;
  children?: ReactNode;
  typed?: string;
  danger?: boolean;
  okText?: string;
  busy?: boolean;
  onOk: () => void;
  onCancel: () => void;
}): ReactNode {
  const t = useTexts(common);
  const [text, setText] = useState('');
  return (
    <Modal
      open={open}
      title={title}
      okText={okText ?? t('confirm')}
      cancelText={t('cancel')}
      okButtonProps={{ danger, disabled: typed !== undefined && text !== typed }}
      confirmLoading={busy}
      destroyOnHidden
      afterClose={() => setText('')}
      onOk={onOk}
      onCancel={onCancel}
    >
      <div className="form">
        {children}
        {typed !== undefined && (
          <label className="field">
            <span>{t('to.type', { id: typed })}</span>
            <Input value={text} onChange={(event) => setText(event.target.value)} autoComplete="off" />
          </label>
        )}
      </div>
    </Modal>
  );
}

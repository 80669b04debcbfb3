import { createDecipheriv } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type PushVector, publishedVectors, syntheticVectors } from '../test/push-vectors.ts';
import {
  PushCipherError,
  decodeAesKey,
  decryptPush,
  encryptPush,
  openPush,
  pushSignature,
  sealReply,
  verifyPushSignature,
} from './push-cipher.ts';

const vectors = [...publishedVectors, ...syntheticVectors];
const vector = (id: string): Required<PushVector> => {
  const found = vectors.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`no vector ${id}`);
  return found as Required<PushVector>;
};
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof PushCipherError) return error.code;
    throw error;
  }
  return 'opened';
};
const withIds = (list: readonly PushVector[]) =>
  list.map((entry) => [entry.id, entry as Required<PushVector>] as const);
const ciphered = withIds(vectors.filter((entry) => entry.plaintext !== undefined));
const timed = vectors.filter((entry) => entry.timestamp !== undefined);

describe('published vectors', () => {
  it.each(ciphered)('%s decrypts, has its pad and encrypts back byte for byte', (_id, v) => {
    const key = decodeAesKey(v.aesKey);
    expect(decryptPush(key, v.receiveId, v.encrypt)).toBe(v.plaintext);
    expect(encryptPush(key, v.receiveId, v.plaintext, Buffer.from(v.random, 'latin1'))).toBe(v.encrypt);
    const raw = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
    const padded = Buffer.concat([raw.update(Buffer.from(v.encrypt, 'base64')), raw.final()]);
    expect(padded.at(-1)).toBe(v.pad);
  });

  it.each(withIds(timed.filter((entry) => entry.msgSignature !== undefined)))('%s has its msg_signature', (_id, v) => {
    expect(pushSignature(v.token, v.timestamp, v.nonce, v.encrypt)).toBe(v.msgSignature);
    const query = { timestamp: v.timestamp, nonce: v.nonce, msg_signature: v.msgSignature };
    expect(verifyPushSignature([v.token], query, v.encrypt)).toBe(true);
    expect(verifyPushSignature(['another', v.token], query, v.encrypt)).toBe(true);
    expect(verifyPushSignature(['another'], query, v.encrypt)).toBe(false);
    expect(verifyPushSignature([], query, v.encrypt)).toBe(false);
  });

  it.each(withIds(timed.filter((entry) => entry.signature !== undefined)))('%s has its url signature', (_id, v) => {
    expect(pushSignature(v.token, v.timestamp, v.nonce)).toBe(v.signature);
  });

  it.each(['P3', 'E1', 'X1', 'X3'])('%s has a pad that automatic unpadding refuses', (id) => {
    const v = vector(id);
    const key = decodeAesKey(v.aesKey);
    const automatic = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16));
    expect(() => Buffer.concat([automatic.update(v.encrypt, 'base64'), automatic.final()])).toThrow();
  });
});

describe('what must not open', () => {
  it.each(ciphered)('%s with any other receive id', (_id, v) => {
    const key = decodeAesKey(v.aesKey);
    for (const other of [
      '',
      'wx',
      `${v.receiveId}x`,
      `x${v.receiveId}`,
      v.receiveId.slice(1),
      v.receiveId.slice(0, -1),
    ]) {
      expect(codeOf(() => decryptPush(key, other, v.encrypt))).toBe('receive_id_mismatch');
    }
  });

  it('the ciphertext of P2 under the key of P3, although its last byte is a plausible pad', () => {
    expect(
      codeOf(() => decryptPush(decodeAesKey(vector('P3').aesKey), vector('P2').receiveId, vector('P2').encrypt)),
    ).toBe('illegal_buffer');
  });

  it.each(withIds(timed.filter((entry) => entry.msgSignature !== undefined)))(
    '%s with one character changed',
    (_id, v) => {
      const query = { timestamp: v.timestamp, nonce: v.nonce, msg_signature: v.msgSignature };
      for (let index = 0; index < v.encrypt.length; index += 1) {
        const other = v.encrypt[index] === 'A' ? 'B' : 'A';
        const changed = v.encrypt.slice(0, index) + other + v.encrypt.slice(index + 1);
        expect(verifyPushSignature([v.token], query, changed)).toBe(false);
      }
    },
  );

  it.each([
    ['', 'illegal_buffer'],
    ['AAAA', 'illegal_buffer'],
    ['A'.repeat(42) + '==', 'illegal_buffer'],
    ['%%%%', 'illegal_base64'],
    ['AAAAAAAAAAAAAAAAAAAAAA', 'illegal_base64'],
    ['AAAAAAAAAAAAAAAAAAAAAB==', 'illegal_base64'],
    ['AAAAAAAAAAAAAAAAAAAAAA==', 'illegal_buffer'],
  ])('the ciphertext %j (%s)', (encrypt, code) => {
    expect(codeOf(() => decryptPush(decodeAesKey(vector('P1').aesKey), 'wx', encrypt))).toBe(code);
  });

  it('base64 in another spelling: white space, the URL alphabet, no padding', () => {
    const { aesKey, encrypt, receiveId } = vector('P2');
    const key = decodeAesKey(aesKey);
    expect(encrypt).toContain('/');
    for (const spelling of [`${encrypt}\n`, ` ${encrypt}`, encrypt.replaceAll('/', '_'), encrypt.replace(/=+$/, '')]) {
      expect(codeOf(() => decryptPush(key, receiveId, spelling))).toBe('illegal_base64');
    }
  });

  it('a key of the wrong shape', () => {
    for (const key of [
      '',
      'A'.repeat(42),
      'A'.repeat(44),
      `${'A'.repeat(42)}=`,
      `${'A'.repeat(42)}+`,
      `${'A'.repeat(43)}\n`,
    ]) {
      expect(codeOf(() => decodeAesKey(key))).toBe('illegal_aes_key');
    }
    expect(codeOf(() => encryptPush(Buffer.alloc(16), 'wx', 'x'))).toBe('illegal_aes_key');
    expect(codeOf(() => openPush({ aesKeys: [], receiveId: 'wx', encrypt: 'AAAA' }))).toBe('illegal_aes_key');
  });

  it('a signature that is not 40 lower-case hex digits', () => {
    const v = vector('P2');
    for (const msg_signature of [
      '',
      v.msgSignature.toUpperCase(),
      `${v.msgSignature}0`,
      v.msgSignature.slice(1),
      '\u00e9'.repeat(40),
    ]) {
      expect(verifyPushSignature([v.token], { timestamp: v.timestamp, nonce: v.nonce, msg_signature }, v.encrypt)).toBe(
        false,
      );
    }
  });
});

const aesKeys = fc
  .array(fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'), {
    minLength: 43,
    maxLength: 43,
  })
  .map((letters) => letters.join(''));
const randoms = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes));
/** Any well-formed text: ASCII, CJK, emoji, and lengths on both sides of every padding edge. */
const texts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.string({ unit: fc.constantFrom('我', '是', '中', '文', 'a', '😀'), maxLength: 120 }),
  fc.integer({ min: 0, max: 130 }).map((length) => 'x'.repeat(length)),
);
const appids = fc.stringMatching(/^wx[0-9a-f]{16}$/);

describe('properties', () => {
  it('what was encrypted opens to the same text, also as the previous key', () => {
    fc.assert(
      fc.property(aesKeys, aesKeys, appids, texts, randoms, (current, previous, appid, text, random) => {
        fc.pre(!decodeAesKey(current).equals(decodeAesKey(previous)));
        const keys = [decodeAesKey(current), decodeAesKey(previous)] as const;
        for (const [keyIndex, key] of keys.entries()) {
          const encrypt = encryptPush(key, appid, text, random);
          expect(Buffer.from(encrypt, 'base64').length % 32).toBe(0);
          expect(decryptPush(key, appid, encrypt)).toBe(text);
          expect(openPush({ aesKeys: keys, receiveId: appid, encrypt })).toEqual({ plaintext: text, keyIndex });
        }
      }),
    );
  });

  it('a push with any byte flipped does not open: the signature refuses it first', () => {
    fc.assert(
      fc.property(
        aesKeys,
        appids,
        texts,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (aesKey, appid, text, at, mask) => {
          const encrypt = encryptPush(decodeAesKey(aesKey), appid, text);
          const bytes = Buffer.from(encrypt, 'base64');
          const index = at % bytes.length;
          bytes[index] = bytes.readUInt8(index) ^ mask;
          const changed = bytes.toString('base64');
          const query = {
            timestamp: '1700000000',
            nonce: '1',
            msg_signature: pushSignature('token', '1700000000', '1', encrypt),
          };
          expect(verifyPushSignature(['token'], query, encrypt)).toBe(true);
          expect(verifyPushSignature(['token'], query, changed)).toBe(false);
        },
      ),
    );
  });

  it('flipping a byte of the last two blocks does not open even without the signature', () => {
    fc.assert(
      fc.property(
        aesKeys,
        appids,
        texts,
        fc.nat({ max: 31 }),
        fc.integer({ min: 1, max: 255 }),
        (aesKey, appid, text, at, mask) => {
          const key = decodeAesKey(aesKey);
          const bytes = Buffer.from(encryptPush(key, appid, text), 'base64');
          const index = bytes.length - 1 - at;
          bytes[index] = bytes.readUInt8(index) ^ mask;
          expect(codeOf(() => decryptPush(key, appid, bytes.toString('base64')))).not.toBe('opened');
        },
      ),
    );
  });

  it('a foreign key never opens, and rubbish never does worse than PushCipherError', () => {
    fc.assert(
      fc.property(aesKeys, appids, fc.uint8Array({ maxLength: 200 }), (aesKey, appid, rubbish) => {
        expect(
          codeOf(() => decryptPush(decodeAesKey(aesKey), appid, Buffer.from(rubbish).toString('base64'))),
        ).not.toBe('opened');
      }),
    );
    fc.assert(
      fc.property(
        aesKeys,
        fc.string(),
        (key, text) => codeOf(() => decryptPush(decodeAesKey(key), 'wx', text)) !== 'opened',
      ),
    );
  });

  it('every pad byte counts', () => {
    const key = decodeAesKey(vector('P1').aesKey);
    const appid = 'wx0123456789abcdef';
    // 20 + 0 + 18 bytes of content leave 26 pad bytes, of which the last 16 are a block of their own.
    for (let at = 1; at < 16; at += 1) {
      const opened = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
      const encrypt = Buffer.from(encryptPush(key, appid, ''), 'base64');
      const plain = Buffer.concat([opened.update(encrypt), opened.final()]);
      expect(plain.at(-1)).toBe(26);
      // Changing byte n of a block changes byte n of the next block's text: only one pad byte is wrong then.
      const index = encrypt.length - 16 - 1 - at;
      encrypt[index] = encrypt.readUInt8(index) ^ 1;
      expect(codeOf(() => decryptPush(key, appid, encrypt.toString('base64')))).toBe('illegal_buffer');
    }
  });
});

describe('openPush', () => {
  it('says whose push it was when the id is wrong, with either key', () => {
    const { aesKey, encrypt } = vector('E1');
    const foreign = decodeAesKey(vector('P3').aesKey);
    for (const keys of [
      [decodeAesKey(aesKey), foreign],
      [foreign, decodeAesKey(aesKey)],
    ]) {
      expect(codeOf(() => openPush({ aesKeys: keys, receiveId: 'wx0000000000000000', encrypt }))).toBe(
        'receive_id_mismatch',
      );
    }
  });
});

describe('sealReply', () => {
  it('has the four elements, opens again and is signed over its own ciphertext', () => {
    const aesKey = decodeAesKey(vector('P4').aesKey);
    const xml = sealReply({
      token: 'AAAAA',
      aesKey,
      receiveId: 'wx134c8103faa5a59e',
      plaintext: '<xml>好</xml>',
      timestamp: '1713424427',
      nonce: '415670741',
    });
    const encrypt = /<Encrypt><!\[CDATA\[([^\]]+)\]\]><\/Encrypt>/.exec(xml)?.[1] ?? '';
    expect(decryptPush(aesKey, 'wx134c8103faa5a59e', encrypt)).toBe('<xml>好</xml>');
    expect(xml).toContain(
      `<MsgSignature><![CDATA[${pushSignature('AAAAA', '1713424427', '415670741', encrypt)}]]></MsgSignature>`,
    );
    expect(xml).toContain('<TimeStamp>1713424427</TimeStamp>');
    expect(xml).toContain('<Nonce><![CDATA[415670741]]></Nonce>');
  });
});

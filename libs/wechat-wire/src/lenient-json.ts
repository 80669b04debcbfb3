/**
 * Parses JSON as WeChat sends it: merchants' texts (a `signature`, a nickname) come with raw control characters inside of
 * strings, which JSON forbids and `JSON.parse` refuses. They are read as what they are.
 * @throws SyntaxError when it is not JSON either way
 */
export function parseLenientJson(text: string): unknown {
  const json = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  try {
    return JSON.parse(json);
  } catch (error) {
    const repaired = escapeControlCharacters(json);
    if (repaired === json) throw error;
    return JSON.parse(repaired);
  }
}

/** Escapes U+0000 to U+001F inside of strings; between tokens they stay as they are. */
function escapeControlCharacters(json: string): string {
  let out = '';
  let copied = 0;
  let isInString = false;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === 0x22) isInString = !isInString;
    else if (!isInString) continue;
    else if (code === 0x5c && json.charCodeAt(at + 1) >= 0x20) at += 1;
    else if (code < 0x20) {
      out += `${json.slice(copied, at)}\\u${code.toString(16).padStart(4, '0')}`;
      copied = at + 1;
    }
  }
  return out + json.slice(copied);
}

/** Hands a file to the browser. */
export function download(name: string, parts: BlobPart[], type: string): void {
  const url = URL.createObjectURL(new Blob(parts, { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** One field of a CSV file. A leading `=`, `+`, `-` or `@` would be a formula in a spreadsheet. */
function field(value: unknown): string {
  const text =
    value == null
      ? ''
      : Array.isArray(value)
        ? value.join(' ')
        : typeof value === 'string'
          ? value
          : JSON.stringify(value);
  const safe = /^[=+\-@\t]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Every page of a list as CSV, with a byte order mark so that spreadsheets read the Chinese. */
export async function exportList<T extends object>(
  name: string,
  columns: readonly (keyof T & string)[],
  page: (cursor: string | undefined) => Promise<{ items: T[]; next_cursor: string | null }>,
  onRows: (count: number) => void,
): Promise<void> {
  const parts: string[] = ['\uFEFF', columns.join(','), '\r\n'];
  let rows = 0;
  let cursor: string | undefined;
  do {
    const { items, next_cursor: next } = await page(cursor);
    parts.push(...items.map((item) => `${columns.map((column) => field(item[column])).join(',')}\r\n`));
    onRows((rows += items.length));
    cursor = next ?? undefined;
  } while (cursor !== undefined);
  download(name, parts, 'text/csv;charset=utf-8');
}

/** A list that the hub itself gives as CSV. */
export async function fetchCsv(name: string, url: string): Promise<void> {
  const response = await fetch(url, { headers: { accept: 'text/csv' }, credentials: 'same-origin' });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  download(name, ['\uFEFF', await response.blob()], 'text/csv;charset=utf-8');
}

import { readFile, writeFile } from 'node:fs/promises';

/**
 * Compares a committed review artefact with what the code makes now. With `UPDATE_ARTEFACTS=1` it writes the file
 * instead, so that the change is seen in the next diff.
 * @returns the committed text to compare with
 */
export async function committedArtefact(file: string, made: string): Promise<string> {
  if (process.env.UPDATE_ARTEFACTS === '1') await writeFile(file, made);
  return readFile(file, 'utf8').catch(() => '');
}

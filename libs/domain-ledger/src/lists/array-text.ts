/**
 * A PostgreSQL array as text, for numbers and for texts of letters and digits only (digests in hex). The driver would look
 * through every element for what has to be escaped; here nothing has.
 */
export function arrayText(values: readonly (number | string | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

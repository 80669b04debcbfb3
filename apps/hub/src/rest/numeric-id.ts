/** Ids are opaque outside; inside some are numbers. What is no number names nothing. */
export function numericId(id: string): number | null {
  return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : null;
}

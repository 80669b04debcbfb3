/** Another process has taken the work over, or it was ended: what this one was about to write must not be written. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** Decides about each call of a refresh: makes it in its turn, or throws `Withheld` because it must not be made any more. */
export interface CallGuard {
  run<T>(call: () => Promise<T>): Promise<T>;
}

/** The call was not made, and nothing new is known about the account. */
export class Withheld extends Error {
  override name = 'Withheld';
}

/** Chinese texts by the English ones of the contract. Code names, field names and values in backticks stay as they are. */
export type Texts = Readonly<Record<string, string>>;

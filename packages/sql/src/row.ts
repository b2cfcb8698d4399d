/** A row as a driver gives it: by column. */
export type Row = Readonly<Record<string, unknown>>

/** As it was when this was loaded: tests of hosts replace timers, and would stop the database. */
const whenTurnEnds = setImmediate

/** When all that can go on in this turn of the event loop has gone on. */
export const endOfTurn = (): Promise<void> => new Promise((resolve) => whenTurnEnds(resolve))

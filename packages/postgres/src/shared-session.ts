import { hasCode } from '@certwright/core'
import { endOfTurn, type Row, text } from '@certwright/sql'
import { expecting } from './expect-statement.js'
import { type IdempotencyKey, liveOf } from './idempotency-statements.js'
import { type Expectations, isNothing, keyName } from './recollection.js'
import { Session } from './session.js'
import { insertOf, joined, type InsertedRows, type Statement } from './statement.js'

/** A transaction of one statement: rows to insert, and what it rests on. */
export interface SingleStatement {
  readonly inserts: readonly InsertedRows[]
  readonly expected: Expectations
}

/** Rows of one transaction above which it gains nothing from company, and transactions that travel together at most. */
const maximumRows = 16
const maximumCompany = 64

interface Waiting extends SingleStatement {
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

/** Idempotency keys that are asked for in one turn, and the records of those that are live. */
interface AskedKeys {
  readonly keys: Map<string, IdempotencyKey>
  readonly records: Promise<ReadonlyMap<string, Row>>
}

/**
 * Statements outside transactions, sent once in a turn of the event loop: a question that several callers ask in one turn
 * is asked once, the idempotency keys of one turn are looked up together, and transactions of one statement are committed
 * as one. Nothing is answered with what was read before the question, and each write is durable when its promise resolves.
 * Where one of several is refused, each is tried by itself.
 */
export class SharedSession extends Session {
  readonly #questions = new Map<string, Promise<readonly Row[]>>()
  readonly #askedKeys = new Map<number, AskedKeys>()
  #waiting = new Map<string, Waiting[]>()

  /** For what changes nothing: callers share the answer. */
  override allKept(sql: string, ...values: readonly unknown[]): Promise<readonly Row[]> {
    const key = JSON.stringify([sql, values])
    const known = this.#questions.get(key)
    if (known !== undefined) return known
    const asked = endOfTurn().then(() => {
      this.#questions.delete(key)
      return super.allKept(sql, ...values)
    })
    this.#questions.set(key, asked)
    return asked
  }

  override async findLive(key: IdempotencyKey, time: number): Promise<Row | undefined> {
    const asked = this.#askedKeys.get(time) ?? this.#askKeys(time)
    const name = keyName(key.scope, key.keyHash)
    asked.keys.set(name, key)
    return (await asked.records).get(name)
  }

  #askKeys(time: number): AskedKeys {
    const keys = new Map<string, IdempotencyKey>()
    const records = endOfTurn().then(async () => {
      this.#askedKeys.delete(time)
      const { rows } = await this.send(liveOf([...keys.values()], time))
      return new Map(rows.map((row) => [keyName(text(row, 'scope'), text(row, 'key_hash')), row]))
    })
    const asked = { keys, records }
    this.#askedKeys.set(time, asked)
    return asked
  }

  commit(single: SingleStatement): Promise<void> {
    if (single.inserts.some(({ rows }) => rows.length > maximumRows)) return this.#commitAlone(single)
    return new Promise((resolve, reject) => {
      if (this.#waiting.size === 0) void endOfTurn().then(() => this.#commitWaiting())
      const kind = kindOf(single)
      const company = this.#waiting.get(kind) ?? []
      company.push({ resolve, reject, ...single })
      this.#waiting.set(kind, company)
    })
  }

  #commitWaiting(): void {
    const companies = [...this.#waiting.values()]
    this.#waiting = new Map()
    for (const company of companies) {
      for (let i = 0; i < company.length; i += maximumCompany) {
        void this.#commitTogether(company.slice(i, i + maximumCompany))
      }
    }
  }

  async #commitTogether(company: readonly Waiting[]): Promise<void> {
    try {
      await this.#commitAlone(together(company))
      for (const { resolve } of company) resolve()
    } catch (error) {
      const isRefused = hasCode(error, 'storage_conflict') || !isRetryable(error)
      for (const one of company) {
        if (company.length > 1 && isRefused) this.#commitAlone(one).then(one.resolve, one.reject)
        else one.reject(error)
      }
    }
  }

  async #commitAlone({ inserts, expected }: SingleStatement): Promise<void> {
    await this.write(singleStatement(inserts.map(insertOf), expected))
  }
}

/** @param writes and expectations: not both empty */
export function singleStatement(writes: readonly Statement[], expected: Expectations): Statement {
  if (isNothing(expected)) {
    return joined(writes.slice(0, -1), writes.at(-1) as Statement)
  }
  const expectation = expecting(expected)
  return joined([...expectation.writes, ...writes], expectation.last)
}

/** Company is kept by those that insert into the same tables and rest on the same CAs: who waits for one, waits for all. */
const kindOf = ({ inserts, expected: { cas, claims, answers, reservationIds } }: SingleStatement): string =>
  JSON.stringify([
    inserts.map(({ table }) => table),
    [...cas.values()].map(({ id }) => id),
    claims.length > 0,
    answers.length > 0,
    reservationIds.length > 0,
  ])

function together(company: readonly SingleStatement[]): SingleStatement {
  const rows = new Map<string, InsertedRows['rows'][number][]>()
  for (const insert of company.flatMap(({ inserts }) => inserts)) {
    const sameTable = rows.get(insert.table)
    if (sameTable === undefined) rows.set(insert.table, [...insert.rows])
    else sameTable.push(...insert.rows)
  }
  return {
    inserts: [...rows].map(([table, all]) => ({ table, rows: all })),
    expected: {
      cas: new Map(company.flatMap(({ expected }) => [...expected.cas])),
      reservationIds: company.flatMap(({ expected }) => expected.reservationIds),
      claims: company.flatMap(({ expected }) => expected.claims),
      answers: company.flatMap(({ expected }) => expected.answers),
    },
  }
}

/** An error that says nothing of what was written may have come after it. */
const isRetryable = (error: unknown): boolean =>
  !hasCode(error, 'storage_unavailable') || error.context.retryable

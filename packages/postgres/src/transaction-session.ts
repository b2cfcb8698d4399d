import { type Columns, type Row, text } from '@certwright/sql'
import type { Executor } from './executor.js'
import type { Claim } from './idempotency-statements.js'
import {
  type CaVersion,
  type Expectations,
  isNothing,
  keyName,
  type Pending,
  type Recollection,
} from './recollection.js'
import { Session } from './session.js'
import { type SharedSession, singleStatement } from './shared-session.js'
import { type InsertedRows, joined, type Statement, type StatementTexts, tablesOf } from './statement.js'

/** Where the statements of a transaction go. */
export interface TransactionLine {
  readonly connection: Executor
  /** Whether the connection has been used: what comes then is no transaction of its own. */
  isBegun(): boolean
}

/** What transactions share. The host's own has begun, and so goes by itself; what it changes is forgotten all the same. */
export interface Company {
  /** Takes a transaction that is one statement, and commits by itself. */
  readonly shared: SharedSession
  readonly recollection: Recollection
}

/**
 * Statements of one transaction. Writes that have no answer to give wait, and travel with the next statement that has one,
 * as its WITH clause, or together at the end: an issuance takes half as many round trips. A write that is refused fails
 * the statement that it travels with, and so the transaction, as it would have done by itself.
 *
 * Until a statement is sent, some questions are answered from the recollection. The first one proves the answers.
 */
export class TransactionSession extends Session {
  readonly #line: TransactionLine
  readonly #company: Company
  #began: readonly Pending[] = []
  #changesCas = false
  #waiting: Statement[] = []
  #cas = new Map<string, CaVersion>()
  #reservationIds: string[] = []
  #claims: Claim[] = []
  #answers: Columns[] = []

  constructor(line: TransactionLine, texts: StatementTexts, company: Company) {
    super(line.connection, texts)
    this.#line = line
    this.#company = company
  }

  /** The lineage of a CA, where it is known, and expected to be the same at the end. */
  expectLineage(caId: string): readonly Row[] | undefined {
    if (this.#line.isBegun()) return undefined
    const rows = this.#company.recollection.knownLineage(caId)
    for (const row of rows ?? []) {
      const seen = { id: text(row, 'id'), version: text(row, 'version') }
      this.#cas.set(`${seen.id} ${seen.version}`, seen)
    }
    return rows
  }

  /** Close reservations as recorded, where they are known to be open, and expected to be so at the end. */
  expectOpen(reservationIds: readonly string[], state: 'recorded' | 'abandoned'): boolean {
    const isKnown = this.#ended(reservationIds.map(reservationOf))
    if (!isKnown || state !== 'recorded' || this.#line.isBegun()) return false
    this.#reservationIds.push(...reservationIds)
    return true
  }

  /** Claim a key that is known to be nobody's, and expected to be so at the end. */
  expectFree(claim: Claim): boolean {
    const isKnown = this.#company.recollection.takeFree(pendingClaim(claim.record).name)
    if (!isKnown || this.#line.isBegun()) return false
    this.#claims.push(claim)
    this.claimed(claim.record)
    return true
  }

  /** A key that is this certificate's from now on, if that is committed. */
  claimed(record: Columns): void {
    this.#ended([pendingClaim(record)])
    this.#begin([pendingClaim(record)])
  }

  /** Keep an answer, where its key is known to be still this certificate's, and expected to be so at the end. */
  expectClaimed(record: Columns): boolean {
    const isKnown = this.released(record)
    if (!isKnown || this.#line.isBegun()) return false
    this.#answers.push(record)
    return true
  }

  /** @returns whether it was known to be this certificate's */
  released(record: Columns): boolean {
    return this.#ended([pendingClaim(record)])
  }

  /** Nothing may be written after it. */
  async finish(): Promise<void> {
    if (this.#waiting.length === 0 && !this.#isExpecting) return
    const inserts = this.#waiting.flatMap(({ inserts: rows }): InsertedRows[] => (rows ? [rows] : []))
    const expected = this.#expectations
    if (this.#line.isBegun()) await this.#flush()
    else if (inserts.length === this.#waiting.length) await this.#company.shared.commit({ inserts, expected })
    else await this.#company.shared.write(singleStatement(this.#take(), expected))
  }

  /** It is committed. */
  committed(): void {
    if (this.#changesCas) this.#company.recollection.forgetLineages()
    this.#company.recollection.began(this.#began)
  }

  /** What led to a rollback has to be true as well. */
  async prove(): Promise<void> {
    this.#waiting = []
    await this.#flush()
  }

  override async write(statement: Statement): Promise<void> {
    if (this.#mustComeAfterWaiting(statement)) await this.#flush()
    const { table, rows } = statement.inserts ?? {}
    if (table === 'reservations') this.#begin((rows ?? []).map((row) => reservationOf(String(row['id']))))
    this.#note(statement)
    this.#waiting.push(statement)
  }

  protected override async send(statement: Statement) {
    if (this.#isExpecting || this.#mustComeAfterWaiting(statement)) await this.#flush()
    this.#note(statement)
    return super.send(joined(this.#take(), statement))
  }

  #begin(pending: readonly Pending[]): void {
    this.#began = [...this.#began, ...pending]
  }

  /** Here and in other transactions: what one both begins and ends is nothing to be kept in mind. */
  #ended(pending: readonly Pending[]): boolean {
    const names = new Set(pending.map(({ name }) => name))
    this.#began = this.#began.filter(({ name }) => !names.has(name))
    return this.#company.recollection.end(pending)
  }

  get #expectations(): Expectations {
    return {
      cas: this.#cas,
      reservationIds: this.#reservationIds,
      claims: this.#claims,
      answers: this.#answers,
    }
  }

  get #isExpecting(): boolean {
    return !isNothing(this.#expectations)
  }

  /** The parts of one statement see the tables as they were before it. */
  #mustComeAfterWaiting(statement: Statement): boolean {
    const tables = tablesOf(statement)
    if (tablesOfExpected(this.#expectations).some((table) => tables.includes(table))) return true
    return this.#waiting.some((write) => tablesOf(write).some((table) => tables.includes(table)))
  }

  #note({ sql }: Statement): void {
    if (!/(INTO|UPDATE) @cas\b/.test(sql)) return
    this.#changesCas = true
    this.#company.recollection.forgetLineages()
  }

  async #flush(): Promise<void> {
    if (this.#waiting.length === 0 && !this.#isExpecting) return
    const statement = singleStatement(this.#waiting, this.#expectations)
    this.#take()
    this.#cas = new Map()
    this.#reservationIds = []
    this.#claims = []
    this.#answers = []
    await super.send(statement)
  }

  #take(): readonly Statement[] {
    const waiting = this.#waiting
    this.#waiting = []
    return waiting
  }
}

/** That what is expected is about. */
const tablesOfExpected = ({ cas, reservationIds, claims, answers }: Expectations): readonly string[] => [
  ...(cas.size > 0 ? ['@cas'] : []),
  ...(reservationIds.length > 0 ? ['@reservations'] : []),
  ...(claims.length > 0 || answers.length > 0 ? ['@idempotency_records'] : []),
]

const reservationOf = (id: string): Pending => ({ name: `reservation ${id}`, owner: '' })

const pendingClaim = (record: Columns): Pending => ({
  name: keyName(String(record['scope']), String(record['key_hash'])),
  owner: String(record['certificate_id']),
})

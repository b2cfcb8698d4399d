import { describe, expect, it } from 'vitest'
import type { Executor, TransactingExecutor } from './executor.js'
import { transactLate } from './late-transaction.js'
import { Recollection } from './recollection.js'
import { SharedSession } from './shared-session.js'
import { StatementTexts } from './statement.js'
import { TransactionSession } from './transaction-session.js'

/** Keeps what is sent. Statements that begin with `refused` are. */
function recording(refused?: string) {
  const sent: { text: string; values: readonly unknown[]; name?: string | undefined }[] = []
  const executor: Executor = {
    async query(text, values, name) {
      sent.push({ text, values, name })
      if (refused !== undefined && text.startsWith(refused)) throw new Error(`refused: ${text}`)
      return { rows: [], rowCount: 1 }
    },
  }
  const transacting: TransactingExecutor = {
    ...executor,
    async transaction(work) {
      await executor.query('BEGIN', [])
      try {
        const result = await work(executor)
        await executor.query('COMMIT', [])
        return result
      } catch (error) {
        await executor.query('ROLLBACK', [])
        throw error
      }
    },
  }
  return { transacting, sent, texts: () => sent.map(({ text }) => text) }
}

const run = (executor: TransactingExecutor, work: (session: TransactionSession) => Promise<unknown>) =>
  transactLate(executor, async (line) => {
    const texts = new StatementTexts('"s"')
    const company = { shared: new SharedSession(executor, texts), recollection: new Recollection() }
    const session = new TransactionSession(line, texts, company)
    const result = await work(session)
    await session.finish()
    return result
  })

describe('the statements of a transaction', () => {
  it('are none where nothing is asked', async () => {
    const { transacting, texts } = recording()
    await run(transacting, async () => undefined)
    expect(texts()).toEqual([])
  })

  it('are one, without BEGIN and COMMIT, where all of it is one statement', async () => {
    const { transacting, sent } = recording()
    await run(transacting, async (session) => {
      await session.insert('a', [{ id: 1, name: 'x' }])
      await session.insert('b', [{ id: 2 }])
    })
    expect(sent).toEqual([
      {
        text: 'WITH write_0 AS (INSERT INTO "s".a (id, name) VALUES ($2, $3)) INSERT INTO "s".b (id) VALUES ($1)',
        values: [2, 1, 'x'],
        name: expect.stringMatching(/^certwright_[0-9a-f]{32}$/),
      },
    ])
  })

  it('are joined by the next one that has an answer', async () => {
    const { transacting, texts } = recording()
    await run(transacting, async (session) => {
      await session.insert('a', [{ id: 1 }])
      expect(await session.run('UPDATE @b SET x = $1', 7)).toBe(1)
      await session.insert('a', [{ id: 2 }])
    })
    expect(texts()).toEqual([
      'BEGIN',
      'WITH write_0 AS (INSERT INTO "s".a (id) VALUES ($2)) UPDATE "s".b SET x = $1',
      'INSERT INTO "s".a (id) VALUES ($1)',
      'COMMIT',
    ])
  })

  it('are joined by one that has a WITH clause of its own', async () => {
    const { transacting, texts } = recording()
    await run(transacting, async (session) => {
      await session.insert('a', [{ id: 1 }])
      await session.all('WITH x AS (SELECT $1) SELECT * FROM x', 7)
    })
    expect(texts()[1]).toBe(
      'WITH write_0 AS (INSERT INTO "s".a (id) VALUES ($2)), x AS (SELECT $1) SELECT * FROM x',
    )
  })

  it('are not joined where one names the table of another, whose rows it would not see', async () => {
    const { transacting, texts } = recording()
    await run(transacting, async (session) => {
      await session.insert('a', [{ id: 1 }])
      await session.insert('a', [{ id: 2 }])
      await session.all('SELECT id FROM @a')
    })
    expect(texts()).toEqual([
      'BEGIN',
      'INSERT INTO "s".a (id) VALUES ($1)',
      'INSERT INTO "s".a (id) VALUES ($1)',
      'SELECT id FROM "s".a',
      'COMMIT',
    ])
  })

  it('send nothing that waits, where the work fails', async () => {
    const { transacting, texts } = recording()
    const work = run(transacting, async (session) => {
      await session.all('SELECT 1')
      await session.insert('a', [{ id: 1 }])
      throw new RangeError('no')
    })
    await expect(work).rejects.toThrow(RangeError)
    expect(texts()).toEqual(['BEGIN', 'SELECT 1', 'ROLLBACK'])
  })

  it.each(['INSERT', 'COMMIT', 'BEGIN'])('fail the transaction with a refused %s', async (refused) => {
    const { transacting } = recording(refused)
    const work = run(transacting, async (session) => {
      await session.all('SELECT 1')
      await session.insert('a', [{ id: 1 }])
    })
    await expect(work).rejects.toThrow(`refused: ${refused}`)
  })

  it('have a name that depends on the text alone, and none where they are not kept', async () => {
    const { transacting, sent } = recording()
    for (const value of [1, 2])
      await run(transacting, (session) => session.run('UPDATE @b SET x = $1', value))
    await run(transacting, (session) => session.runOnce('UPDATE @b SET x = $1', 3))
    const [first, second, third] = sent.filter(({ text }) => text.startsWith('UPDATE'))
    expect(second?.name).toBe(first?.name)
    expect(third?.name).toBeUndefined()
  })
})

import type { Storage } from '@certwright/core'
import { describe, expect, it } from 'vitest'
import { certificate, collect, first, now, reservation, revocation, serial, write } from './records.js'

export function serialStatusBehaves(newStorage: () => Storage): void {
  describe('reservations', () => {
    it('are open, then recorded or abandoned, and close once', async () => {
      const storage = newStorage()
      const state = async () => (await storage.findSerial('ca1', serial('0a')))?.state
      await write(storage, (tx) => tx.insertReservations([reservation()]))
      expect(await storage.findSerial('ca1', serial('0a'))).toEqual({
        reservation: reservation(),
        state: 'open',
      })
      expect(await write(storage, (tx) => tx.closeReservations(['c1'], 'abandoned'))).toBe(1)
      expect(await write(storage, (tx) => tx.closeReservations(['c1'], 'recorded'))).toBe(0)
      expect(await state()).toBe('abandoned')
      expect(await write(storage, (tx) => tx.closeReservations(['unknown'], 'recorded'))).toBe(0)
      expect(await storage.findSerial('ca2', serial('0a'))).toBeUndefined()
    })
  })

  describe('revocations', () => {
    it('happen once: the first reason and time stand', async () => {
      const storage = newStorage()
      await storage.transaction(async (tx) => {
        await tx.insertReservations([reservation()])
        await tx.insertCertificates([certificate()])
      })
      const revoke = (reason: 'keyCompromise' | 'superseded') =>
        write(storage, (tx) => tx.insertRevocation(revocation({ reason }), first('c1')))
      expect(await Promise.all([revoke('keyCompromise'), revoke('superseded')])).toEqual([true, false])
      expect(await storage.findCertificate('c1')).toEqual(
        certificate({ revokedAt: now, revocationReason: 'keyCompromise' }),
      )
      expect((await storage.findSerial('ca1', serial('0a')))?.revocation).toEqual(revocation())
      expect(await storage.crlState('ca1')).toEqual({ revocationCount: 1 })
      expect(await collect(storage.listRevocations('ca1'))).toEqual([revocation()])
    })

    it('replace a hold, and nothing else, where the caller saw one', async () => {
      const storage = newStorage()
      const revoke = (reason: 'certificateHold' | 'keyCompromise', replacesHold: boolean) =>
        write(storage, (tx) => tx.insertRevocation(revocation({ reason }), { id: 'c1', replacesHold }))
      await write(storage, (tx) => tx.insertCertificates([certificate()]))
      expect(await revoke('keyCompromise', true)).toBe(false)
      expect(await revoke('certificateHold', false)).toBe(true)
      expect(await revoke('keyCompromise', false)).toBe(false)
      expect(await collect(storage.listRevocations('ca1'))).toEqual([
        revocation({ reason: 'certificateHold' }),
      ])
      expect(await revoke('keyCompromise', true)).toBe(true)
      expect(await revoke('keyCompromise', true)).toBe(false)
      // The log has two entries, and the list the last one.
      expect(await collect(storage.listRevocations('ca1'))).toEqual([revocation()])
      expect(await storage.crlState('ca1')).toEqual({ revocationCount: 2 })
      expect((await storage.findCertificate('c1'))?.revocationReason).toBe('keyCompromise')
    })

    it('of a serial number without a certificate are kept as well', async () => {
      const storage = newStorage()
      await write(storage, (tx) => tx.insertReservations([reservation()]))
      expect(await write(storage, (tx) => tx.insertRevocation(revocation(), first('c1')))).toBe(true)
      expect((await storage.findSerial('ca1', serial('0a')))?.revocation).toEqual(revocation())
    })

    it('stream in the order in which they came, of one CA alone', async () => {
      const storage = newStorage()
      const add = (hex: string, caId = 'ca1') =>
        write(storage, (tx) =>
          tx.insertRevocation(revocation({ caId, serialNumber: serial(hex) }), first('unknown')),
        )
      const serials = async () =>
        (await collect(storage.listRevocations('ca1'))).map((entry) => entry.serialNumber)
      for (const hex of ['0b', '0100', '-02', 'ff', '02']) await add(hex)
      await add('0c', 'ca2')
      expect(await serials()).toEqual(['0b', '0100', '-02', 'ff', '02'])
    })

    it('stream what there was at one instant, whatever is revoked or rolled back meanwhile', async () => {
      const storage = newStorage()
      const add = (hex: string) =>
        write(storage, (tx) =>
          tx.insertRevocation(revocation({ serialNumber: serial(hex) }), first('unknown')),
        )
      await add('05')
      await add('07')
      const stream = storage.listRevocations('ca1')[Symbol.asyncIterator]()
      expect((await stream.next()).value).toMatchObject({ serialNumber: '05' })
      await add('06')
      const rolledBack = storage.transaction(async (tx) => {
        await tx.insertRevocation(revocation({ serialNumber: serial('08') }), first('unknown'))
        expect(await collect(tx.listRevocations('ca1'))).toHaveLength(4)
        throw new Error('no')
      })
      await expect(rolledBack).rejects.toThrow('no')
      expect((await stream.next()).value).toMatchObject({ serialNumber: '07' })
      expect((await stream.next()).done).toBe(true)
      expect(await collect(storage.listRevocations('ca1'))).toHaveLength(3)
    })
  })
}

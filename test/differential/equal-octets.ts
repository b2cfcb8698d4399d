export const equalOctets = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

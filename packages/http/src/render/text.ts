/** The API shows PEM without a line feed at its end. */
export const wirePem = (pem: string): string => pem.trimEnd()

/** The API writes serial numbers in capitals, the library in lowercase. */
export const wireSerialNumber = (serialNumber: string): string => serialNumber.toUpperCase()

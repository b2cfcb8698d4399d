// Tests are ES modules as they are, which Jest runs with --experimental-vm-modules.
export default { testEnvironment: 'node', testMatch: ['**/*.example.mjs'], transform: {}, watchman: false }

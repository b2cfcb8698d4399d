// With the mutants of tables and constants, each of which is judged by all tests of its file: slow.
import config from './stryker.config.mjs'

export default { ...config, ignoreStatic: false }

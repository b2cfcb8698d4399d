import { writeFileSync } from 'node:fs'
import type { Reporter, SerializedError, TestCase, TestModule, TestRunEndReason } from 'vitest/node'

/**
 * Counts as `npm test` reports it: a file that did not load and an error that no test caught are failures too, and a
 * test that never ran (an aborted run) is one. Lists what was skipped, with the reason where the test gave one.
 */
export default class PlainReporter implements Reporter {
  onTestRunEnd(
    modules: readonly TestModule[],
    unhandled: readonly SerializedError[],
    reason: TestRunEndReason,
  ): void {
    const count = { passed: 0, failed: unhandled.length, skipped: 0 }
    const skipped: string[] = []
    for (const module of modules) {
      count.failed += module.errors().length
      for (const suite of module.children.allSuites()) count.failed += suite.errors().length
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        count[state === 'pending' ? 'failed' : state]++
        if (state === 'skipped') skipped.push(describeSkip(module, test))
      }
    }
    if (reason !== 'passed' && count.failed === 0) count.failed = 1
    if (skipped.length > 0)
      process.stdout.write(`\nSkipped:\n${skipped.map((line) => `  ${line}\n`).join('')}`)

    // scripts/test.mjs adds its checks to these numbers and prints the last line itself.
    const summary = process.env['CERTWRIGHT_TEST_SUMMARY']
    if (summary) writeFileSync(summary, JSON.stringify(count))
    else process.stdout.write(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`)
  }
}

function describeSkip(module: TestModule, test: TestCase): string {
  const result = test.result()
  const note = result.state === 'skipped' && result.note ? ` (${result.note})` : ''
  return `${module.relativeModuleId} > ${test.fullName}${note}`
}

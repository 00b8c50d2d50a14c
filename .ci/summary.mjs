// Last line of a run: how many tests passed and failed. A check that failed, or a run without a report, counts as one failure.
import { readFileSync } from 'node:fs';

const [file, result] = process.argv.slice(2);
let passed = 0;
let failed = 0;
try {
  const report = JSON.parse(readFileSync(file, 'utf8'));
  passed = report.numPassedTests;
  // A file that cannot be loaded holds no tests to fail: it counts as one.
  const unloaded = report.testResults.filter(
    (suite) => suite.status === 'failed' && suite.assertionResults.every((test) => test.status !== 'failed'),
  );
  failed = report.numFailedTests + unloaded.length;
} catch {
  failed = 1;
}
if (result !== '0' && failed === 0) failed = 1;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

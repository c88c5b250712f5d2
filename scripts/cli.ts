/** The entry of the built command line, see program.ts for what it takes. */
import { toLikenessError } from '../engine/errors.js';
import { buildProgram } from './program.js';

// as when the output is piped to head, which reads no further
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  await buildProgram().parseAsync();
} catch (thrown) {
  const error = toLikenessError(thrown);
  process.stderr.write(`error [${error.code}]: ${error.message}\n`);
  // what nobody foresaw is told of in full
  if (error !== thrown || process.env['LIKENESS_DEBUG'] !== undefined)
    process.stderr.write(`${String((error.cause as Error | undefined)?.stack ?? error.stack)}\n`);
  process.exitCode = 1;
}

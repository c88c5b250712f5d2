import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../engine/package-root.js';
import { tracedAnswers } from '../../scripts/soak/durability-trace.js';

const ANSWER = '1 writev(9<socket:[7]>, [{iov_base="HTTP/1.1 201 Created\\r\\n"..., iov_len=99}], 2) = 99';
const STEPS = [
  '2 mkdir("/data/a", 0777) = 0',
  '2 fsync(5</data>) = 0',
  '2 openat(AT_FDCWD</x>, "/data/a/f.tmp", O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 0666) = 5</data/a/f.tmp>',
  '3 write(5</data/a/f.tmp>, "..."..., 30) = 30',
  '3 fsync(5</data/a/f.tmp> <unfinished ...>',
  '2 write(6</elsewhere>, "..."..., 30) = 30',
  '3 <... fsync resumed>) = 0',
  '2 rename("/data/a/f.tmp", "/data/a/f") = 0',
  '2 fsync(5</data/a>) = 0',
];

describe('a trace', () => {
  it('shows nothing unsynced when each call is there', () => {
    expect(tracedAnswers([...STEPS, ANSWER].join('\n'), '/data')).toEqual([{ status: 201, unsynced: [] }]);
  });

  it.each([
    [1, ['/data']],
    [6, ['/data/a/f']],
    [8, ['/data/a']],
  ])('shows what is missing without call %i', (missing, unsynced) => {
    const steps = STEPS.filter((_, i) => i !== missing);
    expect(tracedAnswers([...steps, ANSWER].join('\n'), '/data')).toEqual([{ status: 201, unsynced }]);
  });

  it('of a real server has everything on the disk before each answer', async (context) => {
    if (!canTrace()) context.skip('strace is not there, or may not trace here');
    const script = join(packageRoot(), 'dist/scripts/soak/trace-durability.js');
    const run = promisify(execFile)(process.execPath, [script]);
    const { stdout } = await run.catch((error: unknown) => error as { stdout: string });
    expect(stdout).toMatch(/\d\d answers, 0 too early/);
  }, 120_000);
});

function canTrace(): boolean {
  try {
    execFileSync('strace', ['-o', '/dev/null', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

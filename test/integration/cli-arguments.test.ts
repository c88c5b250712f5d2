import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.js';
import { writePictures } from '../support/gallery.js';
import { tempFolder } from '../support/temp-folder.js';

describe('arguments of the command line', { timeout: 60_000 }, () => {
  it('that are wrong are refused in words, with a code, before anything is made', async () => {
    const folder = await tempFolder();
    await writePictures(folder, { 'a.jpg': 1 });
    const dataDir = ['--data-dir', join(folder, 'data')];
    const picture = join(folder, 'a.jpg');
    await writeFile(join(folder, 'bad.json'), '{"dataDirectory": "x"}');
    const cases: [string[], RegExp][] = [
      [['index'], /^error \[invalid_request\]: missing required argument 'source'\n\(--help after/],
      [['indx'], /^error \[invalid_request\]: unknown command 'indx'/],
      [['search', picture, '-k', '0'], /^error \[invalid_request\]: .*expected a whole number from 1 to 1000, got 0/],
      [['search', join(folder, 'none.jpg'), ...dataDir], /^error \[file_unreadable\]: expected a picture at /],
      [
        ['search', picture, '--context', '0.5', ...dataDir],
        /^error \[invalid_request\]: --context: expected 0 to 1 beside/,
      ],
      [['search', picture, '--subject', '--region', '0,0,1,1', ...dataDir], /expected --region or --subject, got both/],
      [['search', picture, '--region', '1,2,3', ...dataDir], /^error \[invalid_request\]: --region: .*got 1,2,3/],
      [['search', picture, '--filter', '{brand}', ...dataDir], /^error \[invalid_json\]: --filter: expected JSON/],
      [['search', picture, '--filter', '{"a": {"near": 1}}', ...dataDir], /^error \[invalid_filter\]: /],
      [['index', join(folder, 'none'), ...dataDir], /^error \[file_unreadable\]: expected a folder, list or manifest/],
      [['index', folder, '--metadata', '[]', ...dataDir], /^error \[invalid_request\]: --metadata: /],
      [
        ['index', picture, '--delete-missing', ...dataDir],
        /^error \[invalid_request\]: --delete-missing: expected a folder/,
      ],
      [
        ['index', folder, '--retry-rejected', ...dataDir],
        /^error \[invalid_request\]: expected the ledger of an earlier/,
      ],
      [['stats', '--config', join(folder, 'bad.json')], /^error \[config_invalid\]: [^]*dataDirectory: no such key/],
    ];
    const results = await Promise.all(cases.map(([args]) => runCli(args, { cwd: folder })));
    for (const [i, [args, message]] of cases.entries()) {
      expect(results[i], args.join(' ')).toMatchObject({ code: 1, stdout: '' });
      expect(results[i]!.stderr, args.join(' ')).toMatch(message);
      expect(results[i]!.stderr, args.join(' ')).not.toMatch(/\n +at /);
    }
  });

  it('win over the environment, which wins over the config file; paths are meant from where the user stood', async () => {
    const folder = await tempFolder();
    await writeFile(join(folder, 'likeness.config.json'), '{"dataDir": "from-file", "inferenceThreads": 3}');
    const doctor = async (args: string[], env: Record<string, string>) => {
      const { stdout } = await runCli(['doctor', ...args], { cwd: folder, env });
      return [/data directory +(\S+),/.exec(stdout)?.[1], /(\d+) inference workers/.exec(stdout)?.[1]];
    };
    const unset = { LIKENESS_INFERENCE_THREADS: '' };
    const started = { ...unset, npm_lifecycle_event: 'start', npm_package_name: 'likeness', INIT_CWD: '/' };
    expect(
      await Promise.all([
        doctor([], unset),
        doctor([], { LIKENESS_DATA_DIR: 'from-env', LIKENESS_INFERENCE_THREADS: '2' }),
        doctor(['--data-dir', 'from-flag', '--inference-threads', '1'], { LIKENESS_DATA_DIR: 'from-env' }),
        doctor(['--data-dir', 'from-flag'], started),
      ]),
    ).toEqual([
      [join(folder, 'from-file'), '3'],
      [join(folder, 'from-env'), '2'],
      [join(folder, 'from-flag'), '1'],
      ['/from-flag', expect.any(String)],
    ]);
  });
});
